//! Draws a timeline with characters.

use std::{iter, ops::Range, time::Duration};

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::{End, Ink, Line, MAX_ROWS, Row, Style, Timeline, moment, style::Glyphs};
use crate::clock::Readable;

pub(super) fn draw(timeline: &Timeline, style: &Style) -> Vec<Line> {
    let glyphs = style.charset.glyphs();
    let rows = &timeline.rows[..timeline.rows.len().min(MAX_ROWS)];
    let width = style.width.max(Style::MIN_WIDTH);
    let indent = |row: &Row| 2 * row.depth.min(4);

    // A line is: label, two spaces, bar, a space, remark. The bar needs ten columns at the least, and
    // labels may take a third of the line.
    const BAR: usize = 10;
    let remarks: Vec<String> = rows.iter().map(remark).collect();
    let remark_columns = remarks.iter().map(|text| text.width()).max().unwrap_or(0);
    let label_columns = rows
        .iter()
        .map(|row| indent(row) + row.label.width())
        .max()
        .unwrap_or(0)
        .min(width / 3)
        .min(width.saturating_sub(BAR + 3 + remark_columns));
    let scale = Scale {
        columns: width
            .saturating_sub(label_columns + 3 + remark_columns)
            .max(BAR),
        total: timeline.total,
    };

    // The total stands above the end of the bars.
    let mut axis = Line::default();
    axis.push(
        format!(
            "{:label_columns$}  0{:>2$}",
            "",
            Readable(timeline.total),
            scale.columns - 1
        ),
        Ink::Scale,
    );
    let mut lines = vec![axis];
    for (row, remark) in iter::zip(rows, remarks) {
        let label = fit(
            &row.label,
            label_columns.saturating_sub(indent(row)),
            glyphs.cut,
        );
        let padding = label_columns - indent(row).min(label_columns) - label.width() + 2;
        let mut line = Line::default();
        line.push(" ".repeat(indent(row)) + &label, Ink::Plain);
        line.push(" ".repeat(padding), Ink::Plain);
        let mut cells = bar(row, &scale, &glyphs);
        for moment in &timeline.moments {
            moment::cross(&mut cells, moment, &scale, &glyphs);
        }
        for (glyph, ink) in cells {
            line.push(glyph.encode_utf8(&mut [0; 4]), ink);
        }
        line.push(" ", Ink::Plain);
        line.push(remark, remark_ink(row));
        lines.push(line.trimmed());
    }
    let more = timeline.rows.len() - rows.len() + timeline.left_out;
    if more > 0 {
        let mut line = Line::default();
        line.push(format!("and {more} more"), Ink::Plain);
        lines.push(line);
    }
    for moment in &timeline.moments {
        lines.push(moment::line(
            moment,
            label_columns + 2,
            width,
            &scale,
            &glyphs,
        ));
    }
    lines
}

/// What stands behind the bar.
pub(super) fn remark(row: &Row) -> String {
    let length = |from, to: Duration| Readable(to.saturating_sub(from));
    match (row.end, row.started, row.ended) {
        (_, None, _) => "never polled".into(),
        (End::Dropped, _, Some(ended)) => format!("dropped at {}", Readable(ended)),
        (End::Failed, Some(started), Some(ended)) => {
            format!("{} failed", length(started, ended))
        }
        (End::Panicked, Some(started), Some(ended)) => {
            format!("{} panicked", length(started, ended))
        }
        (_, Some(started), Some(ended)) => length(started, ended).to_string(),
        (_, Some(_), None) => "still open".into(),
    }
}

/// Remarks have the colour of what they say.
fn remark_ink(row: &Row) -> Ink {
    match (row.end, row.started) {
        (_, None) => Ink::Unpolled,
        (End::Failed | End::Panicked, _) => Ink::Failed,
        (End::Dropped, _) => Ink::Dropped,
        (End::Open | End::Finished, _) => Ink::Plain,
    }
}

/// Which columns of the bar a stretch of time fills.
pub(super) struct Scale {
    pub(super) columns: usize,
    pub(super) total: Duration,
}

impl Scale {
    pub(super) fn column(&self, at: Duration) -> usize {
        if self.total.is_zero() {
            return 0;
        }
        // Columns are few and durations far from the limits of f64's precision.
        let share = at.as_secs_f64() / self.total.as_secs_f64();
        ((share * self.columns as f64).round() as usize).min(self.columns)
    }

    fn column_seconds(&self) -> f64 {
        self.total.as_secs_f64() / self.columns as f64
    }

    /// At least one column, so that what took no time can be seen too.
    fn range(&self, from: Duration, to: Duration) -> Range<usize> {
        let start = self.column(from).min(self.columns - 1);
        start..self.column(to).max(start + 1)
    }

    /// The columns of which the stretch fills more than half: none, if it is short.
    fn filled(&self, from: Duration, to: Duration) -> Range<usize> {
        self.column(from)..self.column(to)
    }
}

/// A column of a bar.
pub(super) type Cell = (char, Ink);

fn bar(row: &Row, scale: &Scale, glyphs: &Glyphs) -> Vec<Cell> {
    let mut cells = vec![(' ', Ink::Plain); scale.columns];
    let unpolled = (glyphs.unpolled, Ink::Unpolled);
    let ended = row.ended.unwrap_or(scale.total);
    let Some(started) = row.started else {
        cells[scale.range(row.created, ended)].fill(unpolled);
        return cells;
    };
    let open = scale.range(started, ended);
    cells[scale.filled(row.created, started)].fill(unpolled);
    cells[open.clone()].fill((glyphs.waiting, Ink::Waiting));
    for &(from, to) in &row.busy {
        // A poll that is short at this scale would look long if it were given a column.
        if (to - from).as_secs_f64() * 2.0 > scale.column_seconds() {
            cells[scale.filled(from, to)].fill((glyphs.busy, Ink::Blocking));
        }
    }
    match row.end {
        End::Dropped => cells[open.end - 1] = (glyphs.dropped, Ink::Dropped),
        End::Failed | End::Panicked => cells[open.end - 1] = (glyphs.failed, Ink::Failed),
        End::Open | End::Finished => {}
    }
    cells
}

/// Cuts `text` to `columns`, showing that something is missing, and that control characters are not
/// obeyed.
pub(super) fn fit(text: &str, columns: usize, cut: char) -> String {
    let shown: String = text
        .chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect();
    if shown.width() <= columns {
        return shown;
    }
    let mut used = 1;
    let mut kept: String = shown
        .chars()
        .take_while(|c| {
            used += c.width().unwrap_or(0);
            used <= columns
        })
        .collect();
    if columns > 0 {
        kept.push(cut);
    }
    kept
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::timeline::{Charset, Moment};

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn row(label: &str, created: u64, started: u64, ended: u64) -> Row {
        Row {
            label: label.into(),
            depth: 0,
            created: ms(created),
            started: Some(ms(started)),
            ended: Some(ms(ended)),
            busy: Vec::new(),
            end: End::Finished,
        }
    }

    /// A row of every kind that there is.
    pub(in crate::timeline) fn every_kind() -> Timeline {
        Timeline {
            total: ms(1000),
            left_out: 0,
            moments: Vec::new(),
            rows: vec![
                row("users", 0, 0, 500),
                row("posts", 0, 500, 800),
                Row {
                    end: End::Dropped,
                    ..row("orders", 200, 200, 600)
                },
                Row {
                    end: End::Failed,
                    depth: 1,
                    ..row("stats", 0, 0, 1000)
                },
                Row {
                    busy: vec![(ms(100), ms(700))],
                    ..row("checksum", 100, 100, 700)
                },
                Row {
                    started: None,
                    ..row("forgotten", 0, 0, 900)
                },
                Row {
                    end: End::Open,
                    ended: None,
                    ..row("waiting", 300, 300, 0)
                },
                row("instant", 1000, 1000, 1000),
            ],
        }
    }

    #[test]
    fn every_kind_of_row_has_its_own_picture() {
        insta::assert_snapshot!(every_kind().text(&Style::unicode(72)));
    }

    #[test]
    fn ascii_says_the_same() {
        insta::assert_snapshot!(every_kind().text(&Style::ascii(72)));
    }

    #[test]
    fn no_line_is_wider_than_asked_for() {
        let mut timeline = every_kind();
        timeline.rows[0].label =
            "a label far too long for any terminal, 漢字 and \u{1b}[31mred".into();
        for (at, what) in [
            (0, "began"),
            (500, "returned"),
            (1000, "ended"),
            (5000, "deadline"),
        ] {
            timeline.moments.push(Moment {
                at: ms(at),
                what: what.into(),
            });
        }
        for width in [40, 41, 60, 72, 80, 100, 200] {
            for charset in [Charset::Unicode, Charset::Ascii] {
                let text = timeline.text(&Style { width, charset });
                for line in text.lines() {
                    assert!(line.width() <= width, "{} > {width}: {line}", line.width());
                    assert!(
                        !line.contains('\u{1b}'),
                        "control characters are shown, not sent"
                    );
                }
            }
        }
    }

    #[test]
    fn many_rows_are_counted_not_drawn() {
        let timeline = Timeline {
            rows: (0..30).map(|n| row(&n.to_string(), 0, 0, 10)).collect(),
            left_out: 4,
            total: ms(10),
            ..Timeline::default()
        };
        let text = timeline.text(&Style::ascii(60));
        assert_eq!(text.lines().count(), 1 + MAX_ROWS + 1);
        assert!(text.ends_with("and 22 more\n"));
    }

    #[test]
    fn an_empty_recording_is_an_empty_scale() {
        assert_eq!(
            Timeline::default().text(&Style::ascii(40)).lines().count(),
            1
        );
    }
}
