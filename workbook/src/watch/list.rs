//! The chapters, to look through and to choose from.

use async_workbook::timeline::Charset;
use crossterm::event::{KeyCode, KeyEvent};
use unicode_width::UnicodeWidthStr as _;

use super::{input::Input, model::Model};
use crate::{
    context::Context,
    course::Chapter,
    overview::{Show, selected},
    progress::Status,
    report::{signs, state_span, status_sign},
    text::{Span, Text, plain, quiet, strong},
};

/// The list, and where the learner is in it.
#[derive(Debug, Default)]
pub(super) struct List {
    at: usize,
    show: Show,
    search: Input,
    searching: bool,
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
            }
            return Chosen::Nothing;
        }
        let rows = self.rows(model);
        let last = rows.len().saturating_sub(1);
        self.at = self.at.min(last);
        match key.code {
            KeyCode::Down | KeyCode::Char('j') => self.at = (self.at + 1).min(last),
            KeyCode::Up | KeyCode::Char('k') => self.at = self.at.saturating_sub(1),
            KeyCode::Home | KeyCode::Char('g') => self.at = 0,
            KeyCode::End | KeyCode::Char('G') => self.at = last,
            KeyCode::Char('/') => {
                self.searching = true;
                self.search = Input::default();
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
        rows.get(self.at).map(|(chapter, _)| chapter.slug.clone())
    }

    /// Ends a search, if there is one, and says whether there was.
    pub(super) fn leave_search(&mut self) -> bool {
        let was = self.searching || !self.search.text().is_empty();
        self.searching = false;
        self.search = Input::default();
        was
    }

    /// Whether keys are letters of a search.
    pub(super) fn is_typing(&self) -> bool {
        self.searching
    }

    /// The line that is to be seen whatever is scrolled away.
    pub(super) fn line(&self) -> usize {
        self.at + HEAD
    }

    /// What is to be seen of it.
    pub(super) fn text(&self, model: &Model, charset: Charset) -> Text {
        let rows = self.rows(model);
        let mut text = self.heading();
        let titles = rows.iter().map(|(chapter, _)| chapter.title.width());
        let titles = titles.max().unwrap_or(0);
        let tasks = rows.iter().map(|(_, statuses)| statuses.len()).max();
        let tasks = tasks.unwrap_or(0);
        for (position, (chapter, statuses)) in rows.iter().enumerate() {
            let mark = match (position == self.at, charset) {
                (true, Charset::Unicode) => "▸ ",
                (true, Charset::Ascii) => "> ",
                (false, _) => "  ",
            };
            let title = format!("{mark}{} {:titles$}  ", chapter.number(), chapter.title);
            let mut line = vec![plain(title)];
            line.extend(signs(statuses, charset));
            line.push(plain(" ".repeat(tasks - statuses.len() + 2)));
            line.extend([state_span(statuses), quiz_score(&model.context, chapter)]);
            text.line(line);
        }
        if rows.is_empty() {
            text.line("  no chapter matches; f shows others");
        }
        if let Some((chapter, statuses)) = rows.get(self.at) {
            text.blank();
            text.add(about(chapter, statuses, charset));
        }
        text
    }

    fn heading(&self) -> Text {
        let showing = match self.show {
            Show::All => "all chapters",
            Show::Open => "chapters that are not passed",
            Show::Passed => "chapters that are passed",
        };
        let search = match (self.searching, self.search.text()) {
            (false, "") => String::new(),
            (_, text) => format!(", with `{text}`"),
        };
        let showing = quiet(format!("{showing}{search}"));
        let mut text = Text::from([strong("Chapters"), plain("  "), showing]);
        text.blank();
        text
    }

    fn rows<'a>(&self, model: &'a Model) -> Vec<(&'a Chapter, &'a [Status])> {
        let course = &model.context.course;
        selected(course, model.all_statuses(), self.search.text(), self.show)
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

/// The lines above the first chapter.
const HEAD: usize = 2;

fn quiz_score(context: &Context, chapter: &Chapter) -> Span {
    let known = context.progress.chapters.get(&chapter.slug);
    let score = known.and_then(|chapter| chapter.quiz);
    quiet(score.map_or_else(String::new, |score| {
        format!(", quiz {} of {}", score.right, score.asked)
    }))
}
