//! Moments that decide: when the function under study returned, when a deadline was over.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use unicode_width::UnicodeWidthStr as _;

use super::{
    Ink, Line,
    style::Glyphs,
    text::{Cell, Scale, fit},
};
use crate::clock::Readable;

/// A moment of a [`Timeline`](super::Timeline) that decides what it means.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Moment {
    /// When it was, from the start of the recording.
    pub at: Duration,
    /// What happened then, in a word or two: `returned`, `deadline`.
    pub what: String,
}

impl Moment {
    /// `returned at 1.0 s`
    pub(super) fn words(&self) -> String {
        format!("{} at {}", self.what, Readable(self.at))
    }
}

/// Draws a moment across the bar of a row, and spares what tells more: an end, or a thread that is held.
pub(super) fn cross(cells: &mut [Cell], moment: &Moment, scale: &Scale, glyphs: &Glyphs) {
    // At the end of the scale, nothing is behind the moment that it could be told from.
    if moment.at >= scale.total {
        return;
    }
    if let Some(cell) = cells.get_mut(scale.column(moment.at))
        && matches!(cell.1, Ink::Plain | Ink::Waiting | Ink::Unpolled)
    {
        *cell = (glyphs.line, Ink::Moment);
    }
}

/// The line below the rows that says what the moment is, and points at it; the bars begin at column `left`.
pub(super) fn line(
    moment: &Moment,
    left: usize,
    width: usize,
    scale: &Scale,
    glyphs: &Glyphs,
) -> Line {
    let arrow = if moment.at > scale.total {
        glyphs.beyond
    } else {
        glyphs.arrow
    };
    let at = left + scale.column(moment.at).min(scale.columns - 1);
    let words = fit(&moment.words(), width.saturating_sub(2), glyphs.cut);
    let columns = words.width();
    let text = if at + 2 + columns <= width {
        format!("{:at$}{arrow} {words}", "")
    } else {
        let indent = at.saturating_sub(columns + 1);
        format!("{:indent$}{words} {arrow}", "")
    };
    let mut line = Line::default();
    line.push(text, Ink::Moment);
    line
}

#[cfg(test)]
mod tests {
    use super::super::{Style, text::tests::every_kind};
    use super::*;

    fn marked(moments: &[(u64, &str)], style: &Style) -> String {
        let mut timeline = every_kind();
        timeline.rows.truncate(3);
        timeline.moments = moments
            .iter()
            .map(|&(at, what)| Moment {
                at: Duration::from_millis(at),
                what: what.into(),
            })
            .collect();
        timeline.text(style)
    }

    #[test]
    fn a_moment_crosses_the_rows_and_is_named_below() {
        insta::assert_snapshot!(marked(&[(250, "returned")], &Style::unicode(60)));
    }

    #[test]
    fn at_the_end_it_stands_left_of_its_arrow_and_crosses_nothing() {
        let moments = [(1000, "returned"), (60_000, "deadline")];
        insta::assert_snapshot!(marked(&moments, &Style::ascii(60)));
    }

    #[test]
    fn it_covers_no_end() {
        let text = marked(&[(590, "returned")], &Style::unicode(60));
        assert!(text.contains("╳"), "{text}");
    }
}
