//! The chapters, to look through and to choose from.

use async_workbook::timeline::{Charset, Style};
use crossterm::event::{KeyCode, KeyEvent};
use unicode_width::UnicodeWidthStr as _;

use super::{input::Input, model::Model};
use crate::{
    context::Context,
    course::Chapter,
    overview::{Row, Show, selected},
    progress::Status,
    report::{signs, state_span, status_sign},
    search::{Hit, Index, Kind},
    text::{Columns, Span, Text, plain, quiet, strong},
};

/// The list, and where the learner is in it.
#[derive(Debug, Default)]
pub(super) struct List {
    at: usize,
    show: Show,
    search: Input,
    searching: bool,
    /// What was found, if something is searched for.
    hits: Option<Vec<Hit>>,
    /// The digits that were typed one after the other.
    digits: String,
}

/// What a key came to.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Chosen {
    /// Nothing yet.
    Nothing,
    /// The chapter that is marked.
    Marked,
}

impl List {
    /// Begins at a chapter.
    pub(super) fn at(position: usize) -> Self {
        Self {
            at: position,
            ..Self::default()
        }
    }

    /// Takes a key.
    pub(super) fn take_key(&mut self, key: &KeyEvent, model: &Model) -> Chosen {
        if self.searching && !matches!(key.code, KeyCode::Up | KeyCode::Down) {
            // Its end is the only place that is shown.
            if matches!(
                key.code,
                KeyCode::Left | KeyCode::Right | KeyCode::Home | KeyCode::End
            ) {
                return Chosen::Nothing;
            }
            let before = self.search.text().to_owned();
            if let Some(entered) = self.search.take(key) {
                // Enter ends the search; what was searched for stays.
                self.search = Input::from(entered);
                self.searching = false;
            } else if self.search.text() != before {
                self.at = 0;
                self.search_in(&model.index);
            }
            return Chosen::Nothing;
        }
        let last = self.rows(model).len().saturating_sub(1);
        self.at = self.at.min(last);
        if let KeyCode::Char(digit @ '0'..='9') = key.code {
            self.take_digit(digit, model);
            return Chosen::Nothing;
        }
        self.digits.clear();
        match key.code {
            KeyCode::Down | KeyCode::Char('j') => self.at = (self.at + 1).min(last),
            KeyCode::Up | KeyCode::Char('k') => self.at = self.at.saturating_sub(1),
            KeyCode::Home | KeyCode::Char('g') => self.at = 0,
            KeyCode::End | KeyCode::Char('G') => self.at = last,
            KeyCode::Char('/') => {
                self.searching = true;
                self.search = Input::default();
                self.hits = None;
            }
            KeyCode::Char('f') => {
                self.show = match self.show {
                    Show::All => Show::Open,
                    Show::Open => Show::Passed,
                    Show::Passed => Show::All,
                };
                self.at = 0;
            }
            KeyCode::Enter => {
                return Chosen::Marked;
            }
            _ => {}
        }
        Chosen::Nothing
    }

    /// The slug of the chapter that is marked, unless no chapter is shown.
    pub(super) fn marked(&self, model: &Model) -> Option<String> {
        let rows = self.rows(model);
        rows.get(self.at).map(|row| row.chapter.slug.clone())
    }

    /// Ends a search, if there is one, and says whether there was.
    pub(super) fn leave_search(&mut self) -> bool {
        let was = self.searching || !self.search.text().is_empty();
        self.searching = false;
        self.search = Input::default();
        self.hits = None;
        was
    }

    /// Searches for what was typed, as often as it or the index has changed.
    pub(super) fn search_in(&mut self, index: &Index) {
        let search = self.search.text();
        self.hits = (!search.trim().is_empty()).then(|| index.find(search));
    }

    /// Whether keys are letters of a search.
    pub(super) fn is_typing(&self) -> bool {
        self.searching
    }

    /// The line that is to be seen whatever is scrolled away, on a screen of so many columns.
    pub(super) fn line(&self, model: &Model, style: &Style, columns: usize) -> usize {
        let rows = self.rows(model);
        let before = rows.get(..self.at).unwrap_or_default();
        let mut text = self.heading();
        text.add(self.lines(before, &rows, model, style));
        text.height(text.len(), Columns::on_screen(columns))
    }

    /// What is to be seen of it.
    pub(super) fn text(&self, model: &Model, style: &Style) -> Text {
        let rows = self.rows(model);
        let mut text = self.heading();
        text.add(self.lines(&rows, &rows, model, style));
        if rows.is_empty() {
            let is_indexed = model.under_way.indexing.is_none();
            text.line(match (is_indexed, self.show) {
                (false, _) => "  reading the pages…",
                (true, Show::All) => "  no chapter mentions that",
                (true, _) => "  no chapter matches; f shows others",
            });
        }
        if let Some(row) = rows.get(self.at) {
            text.blank();
            text.add(about(row.chapter, row.statuses, style.charset));
        }
        text
    }

    /// Some of the rows, as wide as all of them are.
    fn lines(&self, some: &[Row<'_>], all: &[Row<'_>], model: &Model, style: &Style) -> Text {
        let titles = all.iter().map(|row| row.chapter.title.width());
        let titles = titles.max().unwrap_or(0);
        let tasks = all.iter().map(|row| row.statuses.len()).max();
        let tasks = tasks.unwrap_or(0);
        // Where there is little room, a sign for each task has to do.
        let has_room = style.width >= 60;
        let mut text = Text::default();
        for (position, row) in some.iter().enumerate() {
            let mark = match (position == self.at, style.charset) {
                (true, Charset::Unicode) => "▸ ",
                (true, Charset::Ascii) => "> ",
                (false, _) => "  ",
            };
            let (number, title) = (row.chapter.number(), &row.chapter.title);
            let mut line = vec![plain(format!("{mark}{number} {title:titles$}  "))];
            line.extend(signs(row.statuses, style.charset));
            if has_room {
                line.push(plain(" ".repeat(tasks - row.statuses.len() + 2)));
                line.push(state_span(row.statuses));
                line.push(quiz_score(&model.context, row.chapter));
            }
            text.line(line);
            let hit = row.hit.filter(|hit| hit.kind != Kind::Chapter);
            if let Some(hit) = hit {
                let found = hit.excerpt(self.search.text(), style.width.saturating_sub(7));
                text.line(quiet(format!("     {found}")));
            }
        }
        text
    }

    fn heading(&self) -> Text {
        let showing = match self.show {
            Show::All => "all chapters",
            Show::Open => "chapters that you haven't passed",
            Show::Passed => "chapters that you have passed",
        };
        let search = match (self.searching, self.search.text()) {
            (false, "") => String::new(),
            (true, "") => ", with …".to_owned(),
            (_, text) => format!(", with `{text}`"),
        };
        let showing = quiet(format!("{showing}{search}"));
        let mut text = Text::from([strong("Chapters"), plain("  "), showing]);
        text.blank();
        text
    }

    fn rows<'a>(&'a self, model: &'a Model) -> Vec<Row<'a>> {
        let course = &model.context.course;
        selected(
            course,
            model.all_statuses(),
            self.hits.as_deref(),
            self.show,
        )
    }

    /// Marks the chapter whose number was typed, digit by digit: `3` or `03`, and `17` after `1`.
    fn take_digit(&mut self, digit: char, model: &Model) {
        let rows = self.rows(model);
        let position = |digits: &str| {
            let number: usize = digits.parse().ok()?;
            rows.iter()
                .position(|row| row.chapter.number().parse() == Ok(number))
        };
        let longer = format!("{}{digit}", self.digits);
        let (digits, found) = match position(&longer) {
            Some(found) => (longer, Some(found)),
            // It begins another number.
            None => (digit.to_string(), position(&digit.to_string())),
        };
        drop(rows);
        self.digits = digits;
        self.at = found.unwrap_or(self.at);
    }
}

/// What the chapter that is marked is about.
fn about(chapter: &Chapter, statuses: &[Status], charset: Charset) -> Text {
    let mut text = Text::under(plain("  "), chapter.idea.as_str());
    for (task, status) in std::iter::zip(&chapter.tasks, statuses) {
        let sign = status_sign(*status, charset);
        let words = format!("{}: {}", task.name, task.goal);
        text.add(Text::under([plain("  "), sign, plain(" ")], words.as_str()));
    }
    text
}

fn quiz_score(context: &Context, chapter: &Chapter) -> Span {
    let known = context.progress.chapters.get(&chapter.slug);
    let score = known.and_then(|chapter| chapter.quiz);
    quiet(score.map_or_else(String::new, |score| {
        format!(", quiz {} of {}", score.right, score.asked)
    }))
}
