//! Something to read: a page of the book, a solution, the keys.

use async_workbook::timeline::Style;

use crate::{
    markdown::{self, Rendered},
    page,
    text::{Columns, Text, strong},
};

/// Something to read, laid out for the terminal as it is.
#[derive(Debug)]
pub(super) struct Page {
    title: String,
    source: Source,
    /// Whether folded answers are shown.
    open: bool,
    rendered: Rendered,
}

#[derive(Debug)]
enum Source {
    /// It is laid out once and for all.
    Text,
    /// Its tables and timelines are as wide as the terminal.
    Markdown(String),
}

impl Page {
    /// A text under a title.
    pub(super) fn of_text(title: impl Into<String>, text: Text) -> Self {
        Self {
            title: title.into(),
            source: Source::Text,
            open: false,
            rendered: Rendered {
                text,
                ..Rendered::default()
            },
        }
    }

    /// A page of the book.
    pub(super) fn of_markdown(title: impl Into<String>, source: String, style: &Style) -> Self {
        let mut page = Self {
            title: title.into(),
            source: Source::Markdown(source),
            open: false,
            rendered: Rendered::default(),
        };
        page.lay_out(style);
        page
    }

    /// Lays it out for a terminal like this.
    pub(super) fn lay_out(&mut self, style: &Style) {
        if let Source::Markdown(source) = &self.source {
            self.rendered = markdown::render(source, style, self.open);
        }
    }

    /// Shows folded answers, or folds them again.
    pub(super) fn turn(&mut self, style: &Style) {
        self.open = !self.open;
        self.lay_out(style);
    }

    /// Whether it has answers that can be folded, and if so, whether they are shown.
    pub(super) fn answers(&self) -> Option<bool> {
        self.rendered.has_folds.then_some(self.open)
    }

    /// What is to be seen of it.
    pub(super) fn text(&self) -> Text {
        let mut text = Text::from(strong(&self.title));
        text.blank();
        text.add(self.rendered.text.clone());
        text
    }

    /// The line at which the section with this anchor begins on a screen of so many columns; the first, if there is no such section.
    pub(super) fn line_of(&self, section: &str, columns: usize) -> usize {
        let mut headings = self.rendered.headings.iter();
        let at = headings.find(|(title, _)| page::anchor(title) == section);
        at.map_or(0, |(_, line)| {
            HEAD + self
                .rendered
                .text
                .height(*line, Columns::on_screen(columns))
        })
    }
}

/// The lines above its text.
const HEAD: usize = 2;
