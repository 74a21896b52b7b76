//! The chapters, to look through and to choose from.

use crossterm::event::{KeyCode, KeyEvent};
use unicode_width::UnicodeWidthStr as _;

use super::input::Line;
use crate::{
    context::Context,
    course::Chapter,
    overview::{Show, selected},
    progress::Status,
    report::{GOOD, Look, QUIET, STRONG, state_text, status_sign},
};

/// The list, and where the learner is in it.
#[derive(Debug, Default)]
pub(super) struct List {
    at: usize,
    show: Show,
    search: Line,
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
    pub(super) fn take_key(&mut self, key: &KeyEvent, context: &Context) -> Chosen {
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
                self.search = Line::from(entered);
                self.searching = false;
            } else if self.search.text() != before {
                self.at = 0;
            }
            return Chosen::Nothing;
        }
        let rows = self.rows(context);
        let last = rows.len().saturating_sub(1);
        self.at = self.at.min(last);
        match key.code {
            KeyCode::Down | KeyCode::Char('j') => self.at = (self.at + 1).min(last),
            KeyCode::Up | KeyCode::Char('k') => self.at = self.at.saturating_sub(1),
            KeyCode::Home | KeyCode::Char('g') => self.at = 0,
            KeyCode::End | KeyCode::Char('G') => self.at = last,
            KeyCode::Char('/') => {
                self.searching = true;
                self.search = Line::default();
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
    pub(super) fn marked(&self, context: &Context) -> Option<String> {
        let rows = self.rows(context);
        rows.get(self.at).map(|(chapter, _)| chapter.slug.clone())
    }

    /// Ends a search, if there is one, and says whether there was.
    pub(super) fn leave_search(&mut self) -> bool {
        let was = self.searching || !self.search.text().is_empty();
        self.searching = false;
        self.search = Line::default();
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
    pub(super) fn text(&self, context: &Context, look: &Look) -> String {
        let rows = self.rows(context);
        let showing = match self.show {
            Show::All => "all chapters",
            Show::Open => "chapters that are not passed",
            Show::Passed => "chapters that are passed",
        };
        let search = match (self.searching, self.search.text()) {
            (false, "") => String::new(),
            (_, text) => format!(", with `{text}`"),
        };
        let mut text = format!("{STRONG}Chapters{STRONG:#}  {QUIET}{showing}{search}{QUIET:#}\n\n");
        let titles = rows.iter().map(|(chapter, _)| chapter.title.width());
        let titles = titles.max().unwrap_or(0);
        let tasks = rows.iter().map(|(_, statuses)| statuses.len()).max();
        let tasks = tasks.unwrap_or(0);
        for (position, (chapter, statuses)) in rows.iter().enumerate() {
            let mark = match (position == self.at, look.is_unicode()) {
                (true, true) => "▸ ",
                (true, false) => "> ",
                (false, _) => "  ",
            };
            let signs: String = statuses
                .iter()
                .map(|status| status_sign(*status, look))
                .collect();
            let passed = statuses.iter().all(|status| *status == Status::Passed);
            let paint = if passed { GOOD } else { QUIET };
            text += &format!(
                "{mark}{} {:titles$}  {signs}{:pad$}  {paint}{}{paint:#}{}\n",
                chapter.number(),
                chapter.title,
                "",
                state_text(statuses),
                quiz_score(context, chapter),
                pad = tasks - statuses.len()
            );
        }
        if rows.is_empty() {
            text.push_str("  no chapter is like that; f shows others\n");
        }
        if let Some((chapter, statuses)) = rows.get(self.at) {
            text += &format!(
                "\n{}\n",
                crate::report::wrapped(&chapter.idea, "  ", look).trim_end()
            );
            for (task, status) in std::iter::zip(&chapter.tasks, statuses) {
                text += &format!(
                    "  {} {}: {}\n",
                    status_sign(*status, look),
                    task.name,
                    task.goal
                );
            }
        }
        text
    }

    fn rows<'a>(&self, context: &'a Context) -> Vec<(&'a Chapter, Vec<Status>)> {
        selected(context, Some(self.search.text()), self.show)
    }
}

/// The lines above the first chapter.
const HEAD: usize = 2;

fn quiz_score(context: &Context, chapter: &Chapter) -> String {
    let known = context.progress.chapters.get(&chapter.slug);
    known
        .and_then(|chapter| chapter.quiz)
        .map_or_else(String::new, |score| {
            format!("{QUIET}, quiz {} of {}{QUIET:#}", score.right, score.asked)
        })
}
