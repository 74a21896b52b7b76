//! How text is put together.

use std::path::PathBuf;

use anstream::adapter::WinconBytes;
use async_workbook::timeline::{self, Stroke};

use super::{Columns, Flow, Line, Role, Span, Text};

/// What is simply said.
#[must_use]
pub fn plain(text: impl AsRef<str>) -> Span {
    Span::new(text, Role::Plain)
}

/// What went well.
#[must_use]
pub fn good(text: impl AsRef<str>) -> Span {
    Span::new(text, Role::Good)
}

/// What is wrong.
#[must_use]
pub fn bad(text: impl AsRef<str>) -> Span {
    Span::new(text, Role::Bad)
}

/// What need not be read.
#[must_use]
pub fn quiet(text: impl AsRef<str>) -> Span {
    Span::new(text, Role::Quiet)
}

/// What is seen first.
#[must_use]
pub fn strong(text: impl AsRef<str>) -> Span {
    Span::new(text, Role::Strong)
}

/// The name of a file, from the root of the workbook.
#[must_use]
pub fn link(file: &str) -> Span {
    Span::new(file, Role::Link(PathBuf::from(file)))
}

/// A part of a drawing.
#[must_use]
pub fn stroke(stroke: &Stroke) -> Span {
    let role = match stroke.ink.style() {
        style if style.is_plain() => Role::Plain,
        style => Role::Painted(style),
    };
    Span::new(&stroke.text, role)
}

impl Text {
    /// Lines that stand as they are: code, drawings, what was printed.
    #[must_use]
    pub fn kept(text: &str) -> Self {
        let mut kept = Self::default();
        for line in text.lines() {
            kept.line(line);
        }
        kept
    }

    /// Lines that another program printed, with the colours that it gave them.
    #[must_use]
    pub fn painted(text: &str) -> Self {
        let mut lines = vec![Line::default()];
        for (style, piece) in WinconBytes::new().extract_next(text.as_bytes()) {
            let role = match style {
                style if style.is_plain() => Role::Plain,
                style => Role::Painted(style),
            };
            for (number, part) in piece.split('\n').enumerate() {
                if number > 0 {
                    lines.push(Line::default());
                }
                if let Some(line) = lines.last_mut()
                    && !part.is_empty()
                {
                    line.spans.push(Span::new(part, role.clone()));
                }
            }
        }
        // What ends with the end of a line has no line after it.
        lines.pop_if(|line| line.is_empty());
        let mut text = Self::default();
        for line in lines {
            text.line(line);
        }
        text
    }

    /// A drawing, in its colours.
    #[must_use]
    pub fn drawn(lines: &[timeline::Line]) -> Self {
        let mut drawn = Self::default();
        for line in lines {
            let spans = line.strokes().iter().map(stroke);
            drawn.line(spans.collect::<Vec<_>>());
        }
        drawn
    }

    /// A paragraph, whose lines begin below each other.
    #[must_use]
    pub fn words(words: &str) -> Self {
        Self::under(Line::default(), words)
    }

    /// A paragraph that begins after `lead`, and goes on below its own first word. Where the words have
    /// ends of lines, they keep them.
    #[must_use]
    pub fn under(lead: impl Into<Line>, words: impl Into<Words>) -> Self {
        let mut lead = lead.into();
        let hanging = lead.width();
        let mut text = Self::default();
        let Words { text: words, role } = words.into();
        for words in words.split('\n') {
            lead.spans.push(Span::new(words, role.clone()));
            text.lines.push(Line {
                spans: lead.spans,
                hanging,
                flow: Flow::Words,
            });
            lead = Line::from(plain(" ".repeat(hanging)));
        }
        text
    }

    /// A paragraph of several roles that begins after `lead`, and goes on below its own first word.
    #[must_use]
    pub fn spans_under(lead: impl Into<Line>, words: Vec<Span>) -> Self {
        let mut line = lead.into();
        line.hanging = line.width();
        line.spans.extend(words);
        let lines = vec![line.flowing()];
        Self { lines }
    }

    /// Adds a line that is kept as it is.
    pub fn line(&mut self, line: impl Into<Line>) {
        let mut line = line.into();
        let before = line.plain();
        line.hanging = before.len() - before.trim_start_matches(' ').len();
        self.lines.push(line);
    }

    /// Adds an empty line.
    pub fn blank(&mut self) {
        self.lines.push(Line::default());
    }

    /// Adds an empty line, unless there is one already.
    pub fn gap(&mut self) {
        if self.lines.last().is_some_and(|line| !line.is_empty()) {
            self.blank();
        }
    }

    /// Adds lines.
    pub fn add(&mut self, text: impl Into<Self>) {
        self.lines.extend(text.into().lines);
    }

    /// Puts other lines beside these, as far to the right as the widest of these asks for.
    #[must_use]
    pub fn beside(self, gap: usize, right: Self) -> Self {
        let column = self.width() + gap;
        let rows = self.lines.len().max(right.lines.len());
        let (mut left, mut right) = (self.lines.into_iter(), right.lines.into_iter());
        let mut text = Self::default();
        for _ in 0..rows {
            let mut line = left.next().unwrap_or_default();
            if let Some(right) = right.next().filter(|right| !right.is_empty()) {
                let padding = column - line.width();
                line.spans.push(plain(" ".repeat(padding)));
                line.spans.extend(right.spans);
            }
            text.lines.push(Line {
                spans: line.spans,
                ..Line::default()
            });
        }
        text
    }

    /// Sets all lines in, but for empty ones.
    #[must_use]
    pub fn indented(mut self, by: usize) -> Self {
        for line in self.lines.iter_mut().filter(|line| !line.is_empty()) {
            line.spans.insert(0, plain(" ".repeat(by)));
            line.hanging += by;
        }
        self
    }

    /// The same, with each line broken into those that fit.
    #[must_use]
    pub fn fitted(&self, columns: Columns) -> Self {
        Self {
            lines: self.broken(columns),
        }
    }

    /// The same, none of it to be read in the first place.
    #[must_use]
    pub fn quiet(mut self) -> Self {
        for span in self.lines.iter_mut().flat_map(|line| &mut line.spans) {
            span.role = Role::Quiet;
        }
        self
    }
}

/// Words of one role, with or without ends of lines.
#[derive(Clone, Debug)]
pub struct Words {
    text: String,
    role: Role,
}

impl From<&str> for Words {
    fn from(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            role: Role::Plain,
        }
    }
}

impl From<Span> for Words {
    fn from(span: Span) -> Self {
        Self {
            text: span.text,
            role: span.role,
        }
    }
}

impl From<Span> for Line {
    fn from(span: Span) -> Self {
        Self {
            spans: vec![span],
            ..Self::default()
        }
    }
}

impl<const N: usize> From<[Span; N]> for Line {
    fn from(spans: [Span; N]) -> Self {
        Self::from(Vec::from(spans))
    }
}

impl From<Vec<Span>> for Line {
    fn from(spans: Vec<Span>) -> Self {
        Self {
            spans,
            ..Self::default()
        }
    }
}

impl From<&str> for Line {
    fn from(text: &str) -> Self {
        Self::from(plain(text))
    }
}

impl From<String> for Line {
    fn from(text: String) -> Self {
        Self::from(plain(text))
    }
}

impl<L: Into<Line>> From<L> for Text {
    fn from(line: L) -> Self {
        let mut text = Self::default();
        text.line(line);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_program_painted_keeps_its_colours_and_commands_nothing() {
        let text = Text::painted("a \u{1b}[31mred\u{1b}[0m\n  b\u{1b}[2J\n");
        let red = anstyle::AnsiColor::Red.on_default();
        assert_eq!(
            text.lines[0].spans,
            [plain("a "), Span::new("red", Role::Painted(red))]
        );
        assert_eq!(text.to_plain(80), "a red\n  b\n");
    }

    #[test]
    fn lines_stand_beside_others() {
        let left = Text::kept("fn a() {\n}");
        let right = Text::kept("0  1 s\n\nend");
        assert_eq!(
            left.beside(2, right).to_plain(80),
            "fn a() {  0  1 s\n}\n          end\n"
        );
    }

    #[test]
    fn control_characters_are_shown_and_not_obeyed() {
        assert_eq!(plain("red \u{1b}[31m").text(), "red \\u{1b}[31m");
    }

    #[test]
    fn what_does_not_fit_is_broken_before_it_stands_beside() {
        let columns = Columns::on_screen(4);
        let text = Text::kept("1\n2").fitted(columns);
        let other = Text::kept("one\ntwo words").fitted(columns);
        assert_eq!(
            text.beside(1, other).to_plain(80),
            "1 one\n2 two\n  word\n  s\n"
        );
    }

    #[test]
    fn a_paragraph_keeps_its_ends_of_lines() {
        let text = Text::under(quiet("Said  "), "one\ntwo").indented(2);
        assert_eq!(text.to_plain(80), "  Said  one\n        two\n");
    }
}
