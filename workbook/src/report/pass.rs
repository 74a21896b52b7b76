//! A task that is passed as text: what was proved, and what ran, beside what ran when it was wrong.

use async_workbook::{timeline::Style, verdict::Picture};

use super::{
    model::Pass,
    verdict::{picture_text, point},
};
use crate::text::{Columns, Span, Text, good, quiet, strong};

/// The columns between two pictures side by side.
const GAP: usize = 4;

/// What was proved, in a sentence.
pub(super) fn proved_text(pass: &Pass, style: &Style) -> Text {
    point("Proved", "", &pass.proved, style)
}

/// What ran; beside it, or above it where there is no room, what ran before.
pub(super) fn run_text(pass: &Pass, style: &Style) -> Text {
    let Some(picture) = &pass.picture else {
        return Text::default();
    };
    let mut text = Text::default();
    text.blank();
    let Some(before) = &pass.before else {
        text.add(titled(strong("What ran"), picture, style));
        text.blank();
        return text;
    };
    let before_title = quiet(format!("Before: {}", before.what));
    let now = good("Now");
    // Bars can be compared where a column stands for the same time in both.
    let (was, is) = along_one_axis(&before.picture, picture);
    let half = Style {
        width: style.width.saturating_sub(GAP) / 2,
        ..style.clone()
    };
    if half.width >= Style::MIN_WIDTH {
        let left = titled(before_title, &was, &half);
        let right = titled(now, &is, &half);
        let columns = Columns::on_screen(half.width);
        text.add(left.fitted(columns).beside(GAP, right.fitted(columns)));
    } else {
        text.add(titled(before_title, &was, style));
        text.blank();
        text.add(titled(now, &is, style));
    }
    text.blank();
    text
}

fn titled(title: Span, picture: &Picture, style: &Style) -> Text {
    let mut text = Text::from(title);
    text.add(picture_text(picture, style));
    text
}

/// Both pictures with the longer of their axes.
fn along_one_axis(one: &Picture, other: &Picture) -> (Picture, Picture) {
    let total = one.timeline.total.max(other.timeline.total);
    let along = |picture: &Picture| {
        let mut picture = picture.clone();
        picture.timeline.total = total;
        picture
    };
    (along(one), along(other))
}
