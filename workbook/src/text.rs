//! Text for learners as data: lines of spans, each with a role.
//!
//! Nothing in here knows of colours or of the width of a terminal. Both come at the edge: a [`Line`] is
//! broken once, by whoever knows how many columns there are, and painted once, by a [`Painter`].
//!
//! A crate for this was looked for. The text types of `ratatui-core` come with a dozen crates, know colours
//! rather than roles, and break no lines; `anstyle` has colours only.

mod build;
mod code;
mod paint;
mod wrap;

use std::path::PathBuf;

use async_workbook::verdict::escape_control;
pub use build::{bad, good, link, plain, quiet, stroke, strong};
pub use code::{Language, Token, code};
pub use paint::Painter;
use unicode_width::UnicodeWidthStr as _;
pub use wrap::Columns;

/// Lines of text.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Text {
    lines: Vec<Line>,
}

/// A line, before it is broken into those that fit.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Line {
    spans: Vec<Span>,
    /// How far the lines that it is broken into are set in.
    hanging: usize,
    flow: Flow,
}

/// How a line may be broken.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
enum Flow {
    /// Only where there would be no room for it: code, drawings, what was printed.
    #[default]
    Kept,
    /// Between words, to be read in comfort.
    Words,
}

/// Characters of one role. None of them is a control character: see [`Span::new`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Span {
    text: String,
    role: Role,
}

/// What a span is to the reader.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Role {
    /// What is simply said.
    #[default]
    Plain,
    /// What went well.
    Good,
    /// What is wrong.
    Bad,
    /// What need not be read.
    Quiet,
    /// What is seen first.
    Strong,
    /// The title of a section.
    Heading,
    /// A piece of code.
    Code(Token),
    /// The name of a file, which can be opened where the terminal is known for links; its path is from the
    /// root of the workbook.
    Link(PathBuf),
    /// What is painted already: a drawing, or what another program printed, the compiler above all.
    Painted(anstyle::Style),
}

impl Span {
    /// Characters of a role. Control characters are shown, and not obeyed by any terminal; a tab is four
    /// spaces.
    #[must_use]
    pub fn new(text: impl AsRef<str>, role: Role) -> Self {
        let text = escape_control(text.as_ref());
        Self {
            text: text.replace('\t', "    ").replace('\n', " "),
            role,
        }
    }

    /// The characters.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl Line {
    /// The characters, without their roles.
    #[must_use]
    pub fn plain(&self) -> String {
        self.spans.iter().map(Span::text).collect()
    }

    /// The columns that it takes.
    #[must_use]
    pub fn width(&self) -> usize {
        self.spans.iter().map(|span| span.text.width()).sum()
    }

    /// Its spans, from left to right.
    #[must_use]
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// The same, to be broken between words.
    #[must_use]
    pub fn flowing(mut self) -> Self {
        self.flow = Flow::Words;
        self
    }

    /// Whether nothing is on it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.spans.iter().all(|span| span.text.is_empty())
    }

    /// Adds spans at its end.
    #[must_use]
    pub fn and(mut self, spans: impl Into<Self>) -> Self {
        self.spans.extend(spans.into().spans);
        self
    }
}

impl Text {
    /// The lines, broken into those that fit.
    #[must_use]
    pub fn broken(&self, columns: Columns) -> Vec<Line> {
        let lines = self.lines.iter();
        lines.flat_map(|line| line.broken(columns)).collect()
    }

    /// The characters, without their roles, words broken at so many columns.
    #[must_use]
    pub fn to_plain(&self, columns: usize) -> String {
        let lines = self.broken(Columns::on_paper(columns)).into_iter();
        lines.map(|line| line.plain() + "\n").collect()
    }

    /// The columns of its widest line, before any is broken.
    #[must_use]
    pub fn width(&self) -> usize {
        self.lines.iter().map(Line::width).max().unwrap_or(0)
    }

    /// How many lines there are, before they are broken.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// How many lines the first `lines` are broken into.
    #[must_use]
    pub fn height(&self, lines: usize, columns: Columns) -> usize {
        let lines = self.lines.iter().take(lines);
        lines.map(|line| line.broken(columns).len()).sum()
    }

    /// Whether there is no line.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}
