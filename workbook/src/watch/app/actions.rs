//! What a key asks for that needs more than a line: hints, questions, the book, the editor.

use std::{io, path::Path, process::Stdio};

use async_workbook::verdict::{Fault, Verdict};
use crossterm::event::EventStream;

use super::{
    super::{
        book::{self, Opening},
        quiz::Quiz,
        screen::Scroll,
        terminal::{Terminal, broken},
    },
    App, View, position,
};
use crate::{
    context::Context,
    editor::Editor,
    interrupt, page,
    progress::{Status, open_task},
    questions, solution,
};

impl App {
    pub(super) fn next_chapter(&mut self) {
        let slug = &self.chapter().slug;
        match self.context.progress.next(&self.context.course, slug) {
            Some(next) => {
                let next = position(&self.context, Some(next));
                self.go_to(next);
            }
            None => self.notice = Some("every other chapter is passed; `l` lists them".into()),
        }
    }

    pub(super) fn next_hint(&mut self) {
        let graded = self.graded.get(&self.current);
        if graded.is_some_and(|graded| graded.file_verdict().is_some()) {
            self.notice = Some("first, the file has to compile; then hints are of use".into());
            return;
        }
        let chapter = self.chapter().clone();
        let statuses = self
            .context
            .progress
            .statuses(&self.context.course, &chapter);
        if statuses.iter().all(|status| *status == Status::Passed) {
            self.notice = Some("every task of this chapter is passed".into());
            return;
        }
        let task = open_task(&chapter, &statuses).clone();
        self.hints_for = Some(task.name.clone());
        self.remember(move |progress| progress.take_hint(&chapter, &task));
        self.show(View::Chapter);
        self.scroll = Scroll::End;
    }

    pub(super) fn ask_questions(&mut self) {
        let chapter = self.chapter().clone();
        if let Some(aside) = self
            .quiz_aside
            .take_if(|quiz| quiz.chapter.as_ref() == Some(&chapter))
        {
            self.show(View::Quiz(aside));
            return;
        }
        match questions::of_chapter(&self.context.course, &chapter) {
            Ok(questions) => self.show(View::Quiz(Box::new(Quiz::new(Some(chapter), questions)))),
            Err(error) => self.notice = Some(error.to_string()),
        }
    }

    pub(super) fn review(&mut self) {
        let now = questions::now();
        let Context {
            course, progress, ..
        } = &self.context;
        match questions::due(course, progress, now) {
            Ok(due) if due.is_empty() => {
                self.notice = Some(questions::nothing_due(progress, now));
            }
            Ok(due) => self.show(View::Quiz(Box::new(Quiz::new(None, due)))),
            Err(error) => self.notice = Some(error.to_string()),
        }
    }

    /// Opens the page of the chapter in the browser, at the section on the fault that is shown, if there is one.
    /// Without a browser, the page is shown here.
    pub(super) fn open_book(&mut self) {
        if !book::browser_is_there() {
            self.read_book();
            return;
        }
        let slug = &self.chapter().slug;
        let page = match self.fault() {
            Some(fault) => format!("{slug}#{}", fault.anchor()),
            None => slug.clone(),
        };
        // What was under way ends first, so that two cargos never wait for each other.
        self.opening = None;
        self.notice = None;
        match Opening::start(&self.context, &page) {
            Ok(opening) => self.opening = Some(opening),
            Err(error) => self.take_opened(Err(format!("cargo cannot be started: {error}"))),
        }
    }

    /// Says that the page is in the browser; where it is not, shows it here, and says why.
    pub(super) fn take_opened(&mut self, opened: Result<(), String>) {
        self.opening = None;
        self.notice = Some(match opened {
            Ok(()) => "the page is in your browser; B shows it here".into(),
            Err(why) if matches!(self.view, View::Chapter) => {
                self.read_book();
                format!("no browser shows it: {why}")
            }
            Err(why) => format!("no browser shows the page: {why}; B shows it here"),
        });
    }

    fn fault(&self) -> Option<&Fault> {
        let graded = self.graded.get(&self.current)?;
        let mut grades = graded.grades().iter();
        grades.find_map(|grade| match &grade.verdict {
            Verdict::Wrong { fault, .. } => Some(fault),
            _ => None,
        })
    }

    /// Shows the page of the chapter, from the section on the fault that is shown, if there is one.
    pub(super) fn read_book(&mut self) {
        let chapter = self.chapter();
        let file = chapter.page();
        let text = match page::read(&self.context.course.root().join(&file)) {
            Ok(text) => page::joined(&text),
            Err(error) => {
                self.notice = Some(format!("cannot read {}: {error}", file.display()));
                return;
            }
        };
        let fault = self.fault().map(|fault| fault.name().to_lowercase());
        let is_of_fault = |line: &str| {
            let heading = line
                .strip_prefix('#')
                .map(|line| line.trim_start_matches('#').trim());
            heading.is_some_and(|heading| Some(heading.to_lowercase()) == fault)
        };
        let section = text.lines().position(is_of_fault).map(|section| {
            let (columns, _) = Terminal::size();
            let before = text.lines().take(section);
            PAGE_HEAD
                + before
                    .map(|line| broken(line, columns).len())
                    .sum::<usize>()
        });
        self.show(View::Page {
            title: file.display().to_string(),
            text,
        });
        self.scroll = Scroll::From(section.unwrap_or(0));
    }

    pub(super) fn show_solution(&mut self) {
        let chapter = self.chapter().clone();
        if !self.context.progress.passed(&chapter) {
            self.notice = Some(format!(
                "the solution is shown once the chapter is passed; `cargo run -- solution {} --anyway` shows it before",
                chapter.number()
            ));
            return;
        }
        match solution::text(&self.context.course, &chapter) {
            Ok(text) => self.show(View::Page {
                title: chapter.solution().display().to_string(),
                text,
            }),
            Err(error) => self.notice = Some(error.to_string()),
        }
    }

    /// Opens the exercise in the learner's editor, at the line that the first verdict names.
    pub(super) async fn edit(&mut self) -> io::Result<()> {
        let Some(editor) = Editor::find() else {
            self.notice =
                Some("no editor is known: set VISUAL or EDITOR, or put `code` on your PATH".into());
            return Ok(());
        };
        let file = self.context.course.root().join(self.chapter().stub());
        let line = self.line_of_interest();
        let opened = if editor.in_terminal() {
            self.lend_terminal_to(&editor, &file, line).await?
        } else {
            editor.open_window(&file, line)
        };
        self.notice = match opened {
            // Who has just left an editor in the terminal knows.
            Ok(()) if editor.in_terminal() => None,
            Ok(()) => Some(format!(
                "{} was opened in {}",
                self.chapter().stub().display(),
                editor.name()
            )),
            Err(error) => Some(format!(
                "cannot start {}: {error}; `cargo run -- doctor` says how it was found",
                editor.name()
            )),
        };
        Ok(())
    }

    async fn lend_terminal_to(
        &mut self,
        editor: &Editor,
        file: &Path,
        line: Option<u32>,
    ) -> io::Result<io::Result<()>> {
        self.terminal.pause();
        let mut command = tokio::process::Command::from(editor.command(file, line));
        command
            .stdin(Stdio::inherit())
            .stdout(Stdio::inherit())
            .stderr(Stdio::inherit());
        // Keys are the editor's until it ends: whoever reads them here has to stop first.
        self.keys = EventStream::new();
        let ended = command.status().await;
        // An interrupt that was typed meanwhile was meant for the editor.
        self.asked_to_end = Box::pin(interrupt::asked_to_end());
        self.terminal.resume()?;
        self.keys = EventStream::new();
        Ok(ended.map(drop))
    }

    /// Where the first task that is not passed has its hole, or its panic.
    fn line_of_interest(&self) -> Option<u32> {
        let stub = self
            .chapter()
            .stub()
            .display()
            .to_string()
            .replace('\\', "/");
        let graded = self.graded.get(&self.current)?;
        let mut grades = graded.grades().iter();
        grades.find_map(|grade| match &grade.verdict {
            Verdict::NotStarted { at, .. } | Verdict::Panicked { at, .. } if at.file == stub => {
                Some(at.line)
            }
            _ => None,
        })
    }
}

/// The lines above the text of a page.
const PAGE_HEAD: usize = 2;
