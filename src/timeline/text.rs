//! Draws a timeline with characters.

use std::{env, io, iter, ops::Range, time::Duration};

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::{End, MAX_ROWS, Row, Timeline};
use crate::clock::Readable;

/// How wide to draw, and with which characters.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Style {
    /// The columns that a line may take, of which [`MIN_WIDTH`](Self::MIN_WIDTH) are always used.
    pub width: usize,
    /// The characters to draw with.
    pub charset: Charset,
}

/// The characters that a timeline is drawn with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Charset {
    /// `┄` made, not polled yet; `━` waiting; `█` holding the thread; `╳` dropped; `▲` failed.
    Unicode,
    /// `.` made, not polled yet; `=` waiting; `#` holding the thread; `x` dropped; `!` failed.
    Ascii,
}

impl Style {
    /// The fewest columns that a timeline can be drawn in.
    pub const MIN_WIDTH: usize = 40;
    /// The columns that are drawn in where nothing says how many there are.
    pub const DEFAULT_WIDTH: usize = 80;
    /// Wider than this, bars grow no easier to compare.
    const MAX_WIDTH: usize = 100;

    /// Unicode, within `width` columns.
    #[must_use]
    pub fn unicode(width: usize) -> Self {
        Self {
            width,
            charset: Charset::Unicode,
        }
    }

    /// ASCII, within `width` columns.
    #[must_use]
    pub fn ascii(width: usize) -> Self {
        Self {
            width,
            charset: Charset::Ascii,
        }
    }

    /// As wide as the terminal; where there is none, as wide as `COLUMNS` says, or else 80 columns. ASCII
    /// where the terminal is `dumb` or the locale names another encoding than UTF-8.
    #[must_use]
    pub fn detect() -> Self {
        // Only where standard output goes counts: a pipe is no terminal, wherever its reader sits.
        let terminal = terminal_size::terminal_size_of(io::stdout());
        let width = match terminal {
            Some((terminal_size::Width(width), _)) => Some(usize::from(width)),
            None => env::var("COLUMNS")
                .ok()
                .and_then(|columns| columns.parse().ok()),
        };
        let width = width.filter(|width| *width > 0);
        let width = width.unwrap_or(Self::DEFAULT_WIDTH);
        Self {
            width: width.min(Self::MAX_WIDTH),
            charset: Charset::detect(),
        }
    }
}

impl Charset {
    /// ASCII where the terminal is `dumb` or the locale names another encoding than UTF-8.
    #[must_use]
    pub fn detect() -> Self {
        let variable = |name| env::var(name).ok().filter(|value| !value.is_empty());
        // The first of these that is set holds, as in POSIX. `C` and `POSIX` are what containers and
        // build machines have, whose viewers read UTF-8 all the same.
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .into_iter()
            .find_map(variable);
        let other_encoding = locale
            .as_deref()
            .and_then(|locale| locale.split_once('.'))
            .is_some_and(|(_, encoding)| !encoding.to_lowercase().starts_with("utf"));
        if variable("TERM").as_deref() == Some("dumb") || other_encoding {
            Self::Ascii
        } else {
            Self::Unicode
        }
    }

    const fn glyphs(self) -> Glyphs {
        match self {
            Self::Unicode => Glyphs {
                unpolled: '┄',
                waiting: '━',
                busy: '█',
                dropped: '╳',
                failed: '▲',
                cut: '…',
            },
            Self::Ascii => Glyphs {
                unpolled: '.',
                waiting: '=',
                busy: '#',
                dropped: 'x',
                failed: '!',
                cut: '~',
            },
        }
    }
}

struct Glyphs {
    unpolled: char,
    waiting: char,
    busy: char,
    dropped: char,
    failed: char,
    cut: char,
}

pub(super) fn draw(timeline: &Timeline, style: &Style) -> String {
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
    let mut text = format!(
        "{:label_columns$}  0{:>2$}\n",
        "",
        Readable(timeline.total),
        scale.columns - 1
    );
    for (row, remark) in iter::zip(rows, remarks) {
        let label = fit(
            &row.label,
            label_columns.saturating_sub(indent(row)),
            glyphs.cut,
        );
        let padding = label_columns - indent(row).min(label_columns) - label.width();
        let bar = bar(row, &scale, &glyphs);
        let line = format!(
            "{:indent$}{label}{:padding$}  {bar} {remark}",
            "",
            "",
            indent = indent(row)
        );
        text.push_str(line.trim_end());
        text.push('\n');
    }
    let more = timeline.rows.len() - rows.len() + timeline.left_out;
    if more > 0 {
        text.push_str(&format!("and {more} more\n"));
    }
    text
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

/// Which columns of the bar a stretch of time fills.
struct Scale {
    columns: usize,
    total: Duration,
}

impl Scale {
    fn column(&self, at: Duration) -> usize {
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

fn bar(row: &Row, scale: &Scale, glyphs: &Glyphs) -> String {
    let mut cells = vec![' '; scale.columns];
    let ended = row.ended.unwrap_or(scale.total);
    let Some(started) = row.started else {
        cells[scale.range(row.created, ended)].fill(glyphs.unpolled);
        return cells.into_iter().collect();
    };
    let open = scale.range(started, ended);
    cells[scale.filled(row.created, started)].fill(glyphs.unpolled);
    cells[open.clone()].fill(glyphs.waiting);
    for &(from, to) in &row.busy {
        // A poll that is short at this scale would look long if it were given a column.
        if (to - from).as_secs_f64() * 2.0 > scale.column_seconds() {
            cells[scale.filled(from, to)].fill(glyphs.busy);
        }
    }
    match row.end {
        End::Dropped => cells[open.end - 1] = glyphs.dropped,
        End::Failed | End::Panicked => cells[open.end - 1] = glyphs.failed,
        End::Open | End::Finished => {}
    }
    cells.into_iter().collect()
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
