//! What stands where: the body, which can be scrolled, and below it what happens and which keys there are.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::input::Input;
use crate::text::{Columns, Line, Text, plain, quiet, strong};

/// A key, and what it does.
pub(super) type Key = (&'static str, &'static str);

/// All that is to be shown.
#[derive(Debug, Default)]
pub(super) struct Content {
    /// The body. It may be longer than the screen.
    pub(super) body: Text,
    /// What is being typed, below the body.
    pub(super) input: Option<Input>,
    /// What happens, or happened, in a line.
    pub(super) status: String,
    /// Keys and what they do.
    pub(super) keys: Vec<Key>,
}

/// Which part of the body is seen.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Scroll {
    /// From this line on.
    From(usize),
    /// The end, wherever it is.
    End,
}

impl Scroll {
    /// Moves by so many lines, within a body of which `hidden` lines do not fit.
    pub(super) fn by(self, lines: isize, hidden: usize) -> Self {
        let from = match self {
            Self::From(from) => from.min(hidden),
            Self::End => hidden,
        };
        Self::From(from.saturating_add_signed(lines).min(hidden))
    }
}

/// The lines of the screen, and what of the body they leave out.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) lines: Vec<Line>,
    pub(super) cursor: Option<(u16, u16)>,
    /// How many lines of the body do not fit.
    pub(super) hidden: usize,
    /// How many lines of the body fit.
    pub(super) height: usize,
}

impl Content {
    /// Lays it out in so many columns and rows.
    pub(super) fn frame(&self, scroll: Scroll, columns: usize, rows: usize) -> Frame {
        let mut body = self.body.broken(Columns::on_screen(columns));
        while body.pop_if(|line| line.is_empty()).is_some() {}
        // The row of the body and the column in which the next character goes.
        let mut cursor = None;
        if let Some(input) = &self.input {
            body.push(Line::default());
            let before = chopped(&format!("> {}", input.before()), columns);
            let column = before.last().map_or(0, |line| line.width());
            cursor = Some((body.len() + before.len() - 1, column));
            let typed = chopped(&format!("> {}", input.text()), columns);
            body.extend(typed.into_iter().map(Line::from));
        }
        let keys = key_lines(&self.keys, columns);
        // What happens may take a few lines, but never the place of what it is about.
        let mut status = Line::from(self.status.as_str()).broken(Columns::on_screen(columns));
        status.truncate(STATUS_LINES);
        let height = rows.saturating_sub(keys.len() + status.len()).max(1);
        let hidden = body.len().saturating_sub(height);
        let from = match scroll {
            Scroll::From(from) => from.min(hidden),
            Scroll::End => hidden,
        };
        let below = hidden - from;
        let mut lines: Vec<Line> = body.into_iter().skip(from).take(height).collect();
        let cursor = cursor.and_then(|(row, column)| {
            let row = row.checked_sub(from).filter(|row| *row < lines.len())?;
            Some((u16::try_from(column).ok()?, u16::try_from(row).ok()?))
        });
        lines.resize(height, Line::default());
        let more = beyond(from, below);
        if let Some(last) = status.last_mut()
            && !more.is_empty()
        {
            let gap = if last.is_empty() { "" } else { "  " };
            if last.width() + gap.len() + more.width() <= columns {
                *last = std::mem::take(last).and([plain(gap), plain(more)]);
            }
        }
        lines.extend(status);
        lines.extend(keys);
        lines.truncate(rows.max(1));
        Frame {
            lines,
            cursor,
            hidden,
            height,
        }
    }
}

/// The most lines that the status takes.
const STATUS_LINES: usize = 3;

/// Breaks what is typed wherever a line ends, so that what is typed further on moves nothing before it.
fn chopped(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for c in text.chars() {
        let width = c.width().unwrap_or(0);
        if used + width > columns && used > 0 {
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            line.push(c);
        }
        used += width;
    }
    lines
}

/// What of the body is not seen, if any of it is not.
fn beyond(above: usize, below: usize) -> String {
    match (above, below) {
        (0, 0) => String::new(),
        (_, 0) => "(the end; ↑ scrolls back)".to_owned(),
        (_, 1) => "(↓ 1 more line)".to_owned(),
        (_, below) => format!("(↓ {below} more lines)"),
    }
}

/// The keys in as few lines as they fit into, whole.
fn key_lines(keys: &[Key], columns: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut line = Line::default();
    for (key, what) in keys {
        let width = key.width() + 1 + what.width();
        if !line.is_empty() && line.width() + 2 + width > columns {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line = line.and(plain("  "));
        }
        line = line.and([strong(key), plain(" "), quiet(what)]);
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(frame: &Frame) -> Vec<String> {
        frame.lines.iter().map(Line::plain).collect()
    }

    fn content(lines: usize) -> Content {
        Content {
            body: Text::kept(
                &(1..=lines)
                    .map(|line| format!("line {line}\n"))
                    .collect::<String>(),
            ),
            input: None,
            status: "all is well".into(),
            keys: vec![("h", "hint"), ("q", "quiz"), ("x", "quit")],
        }
    }

    #[test]
    fn a_short_body_stands_above_the_keys_at_the_bottom() {
        let frame = content(2).frame(Scroll::From(0), 40, 6);
        assert_eq!(
            plain(&frame),
            [
                "line 1",
                "line 2",
                "",
                "",
                "all is well",
                "h hint  q quiz  x quit"
            ]
        );
        assert_eq!(frame.hidden, 0);
    }

    #[test]
    fn a_long_body_is_seen_in_parts() {
        let content = content(9);
        let top = content.frame(Scroll::From(0), 40, 5);
        assert_eq!(
            plain(&top)[..4],
            [
                "line 1",
                "line 2",
                "line 3",
                "all is well  (↓ 6 more lines)"
            ]
        );
        let end = content.frame(Scroll::End, 40, 5);
        assert_eq!(plain(&end)[2], "line 9");
        assert_eq!(Scroll::From(0).by(2, top.hidden), Scroll::From(2));
        assert_eq!(Scroll::From(5).by(20, top.hidden), Scroll::From(6));
        assert_eq!(Scroll::End.by(-1, top.hidden), Scroll::From(5));
    }

    #[test]
    fn keys_take_as_many_lines_as_they_need() {
        let frame = content(1).frame(Scroll::From(0), 15, 6);
        assert_eq!(plain(&frame)[4..], ["h hint  q quiz", "x quit"]);
    }

    #[test]
    fn the_cursor_stands_after_what_is_typed() {
        let mut content = content(2);
        content.input = Some(Input::from("0.5".to_owned()));
        let frame = content.frame(Scroll::End, 40, 8);
        assert_eq!(frame.cursor, Some((5, 3)));
    }

    #[test]
    fn the_cursor_stands_where_the_next_character_goes() {
        use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
        let mut content = content(1);
        let mut line = Input::from("12345678901234".to_owned());
        let mut cursor_after = |code| {
            line.take(&KeyEvent::new(code, KeyModifiers::NONE));
            content.input = Some(line.clone());
            let frame = content.frame(Scroll::End, 10, 12);
            let typed = plain(&frame)[2..4].join("/");
            assert_eq!(typed, "> 12345678/901234");
            frame.cursor
        };
        assert_eq!(cursor_after(KeyCode::End), Some((6, 3)));
        assert_eq!(cursor_after(KeyCode::Left), Some((5, 3)));
        assert_eq!(cursor_after(KeyCode::Home), Some((2, 2)));
    }

    #[test]
    fn a_tiny_screen_is_no_reason_to_fail() {
        for (columns, rows) in [(1, 1), (2, 2), (10, 3)] {
            let frame = content(9).frame(Scroll::End, columns, rows);
            assert!(frame.lines.len() <= rows);
        }
    }
}
