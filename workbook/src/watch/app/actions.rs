//! What a key asks for that needs more than a line: hints, questions, the book, the editor.

use std::{io, path::Path, process::Stdio};

use async_workbook::verdict::{Fault, Verdict};

use super::{
    super::{
        book::{self, Opening},
        quiz::Quiz,
        screen::Scroll,
        terminal::Terminal,
        view::Shown,
    },
    App,
};
use crate::{
    context::Context,
    editor::Editor,
    page,
    progress::{Status, open_task},
    questions,
    report::model::ChapterReport,
    solution,
    text::{Columns, Text},
};

impl App {
    pub(super) fn next_chapter(&mut self) {
        let slug = &self.model.chapter().slug;
        match self
            .model
            .context
            .progress
            .next(&self.model.context.course, slug)
        {
            Some(next) => {
                let next = self.model.position(Some(next));
                self.go_to(next);
            }
            None => {
                self.model.notice = Some("every other chapter is passed; `l` lists them".into())
            }
        }
    }

    pub(super) fn next_hint(&mut self) {
        if self
            .model
            .report()
            .is_some_and(ChapterReport::is_not_graded)
        {
            self.model.notice =
                Some("first, the file has to compile; then hints are of use".into());
            return;
        }
        let (chapter, statuses) = (self.model.chapter().clone(), self.model.statuses());
        if statuses.iter().all(|status| *status == Status::Passed) {
            self.model.notice = Some("every task of this chapter is passed".into());
            return;
        }
        let task = open_task(&chapter, statuses).clone();
        self.model.hints_for = Some(task.name.clone());
        self.remember(move |progress| progress.take_hint(&chapter, &task));
        self.show(Shown::Chapter);
        self.view.scroll = Scroll::End;
    }

    pub(super) fn ask_questions(&mut self) {
        let chapter = self.model.chapter().clone();
        if let Some(aside) = self
            .model
            .quiz_aside
            .take_if(|quiz| quiz.chapter.as_ref() == Some(&chapter))
        {
            self.show(Shown::Quiz(aside));
            return;
        }
        match questions::of_chapter(&self.model.context.course, &chapter) {
            Ok(questions) => self.show(Shown::Quiz(Box::new(Quiz::new(Some(chapter), questions)))),
            Err(error) => self.model.notice = Some(error.to_string()),
        }
    }

    pub(super) fn review(&mut self) {
        let now = questions::now();
        let Context {
            course, progress, ..
        } = &self.model.context;
        match questions::due(course, progress, now) {
            Ok(due) if due.is_empty() => {
                self.model.notice = Some(questions::nothing_due(progress, now));
            }
            Ok(due) => self.show(Shown::Quiz(Box::new(Quiz::new(None, due)))),
            Err(error) => self.model.notice = Some(error.to_string()),
        }
    }

    /// Opens the page of the chapter in the browser, at the section on the fault that is shown, if there is one.
    /// Without a browser, the page is shown here.
    pub(super) fn open_book(&mut self) {
        if !book::browser_is_there() {
            self.read_book();
            return;
        }
        let slug = &self.model.chapter().slug;
        let page = match self.fault() {
            Some(fault) => format!("{slug}#{}", fault.anchor()),
            None => slug.clone(),
        };
        // What was under way ends first, so that two cargos never wait for each other.
        self.model.under_way.opening = None;
        self.model.notice = None;
        self.model.under_way.opening = Some(Opening::start(&self.model.context, &page));
    }

    /// Says that the page is in the browser; where it is not, shows it here, and says why.
    pub(super) fn take_opened(&mut self, opened: Result<(), String>) {
        self.model.under_way.opening = None;
        self.model.notice = Some(match opened {
            Ok(()) => "the page is in your browser; B shows it here".into(),
            Err(why) if matches!(self.view.shown, Shown::Chapter) => {
                self.read_book();
                format!("no browser shows it: {why}")
            }
            Err(why) => format!("no browser shows the page: {why}; B shows it here"),
        });
    }

    fn fault(&self) -> Option<&Fault> {
        let mut verdicts = self.model.report()?.verdicts();
        verdicts.find_map(|verdict| match verdict {
            Verdict::Wrong { fault, .. } => Some(fault),
            _ => None,
        })
    }

    /// Shows the page of the chapter, from the section on the fault that is shown, if there is one.
    pub(super) fn read_book(&mut self) {
        let chapter = self.model.chapter();
        let file = chapter.page();
        let text = match page::read(&self.model.context.course.root().join(&file)) {
            Ok(text) => page::joined(&text),
            Err(error) => {
                self.model.notice = Some(format!("cannot read {}: {error}", file.display()));
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
        let (columns, _) = Terminal::size();
        let section = text.lines().position(is_of_fault).map(|section| {
            let before: String = text.split_inclusive('\n').take(section).collect();
            PAGE_HEAD
                + Text::kept(&before)
                    .broken(Columns::on_screen(columns))
                    .len()
        });
        self.show(Shown::Page {
            title: file.display().to_string(),
            text: Text::kept(&text),
        });
        self.view.scroll = Scroll::From(section.unwrap_or(0));
    }

    pub(super) fn show_solution(&mut self) {
        let chapter = self.model.chapter().clone();
        if !self.model.context.progress.passed(&chapter) {
            self.model.notice = Some(format!(
                "the solution is shown once the chapter is passed; `cargo run -- solution {} --anyway` shows it before",
                chapter.number()
            ));
            return;
        }
        match solution::text(&self.model.context.course, &chapter) {
            Ok(text) => self.show(Shown::Page {
                title: chapter.solution().display().to_string(),
                text: Text::kept(&text),
            }),
            Err(error) => self.model.notice = Some(error.to_string()),
        }
    }

    /// Opens the exercise in the learner's editor, at the line that the first verdict names.
    pub(super) async fn edit(&mut self) -> io::Result<()> {
        let Some(editor) = Editor::find() else {
            self.model.notice =
                Some("no editor is known: set VISUAL or EDITOR, or put `code` on your PATH".into());
            return Ok(());
        };
        let file = self
            .model
            .context
            .course
            .root()
            .join(self.model.chapter().stub());
        let line = self.line_of_interest();
        let opened = if editor.in_terminal() {
            self.lend_terminal_to(&editor, &file, line).await?
        } else {
            editor.open_window(&file, line)
        };
        self.model.notice = match opened {
            // Who has just left an editor in the terminal knows.
            Ok(()) if editor.in_terminal() => None,
            Ok(()) => Some(format!(
                "{} was opened in {}",
                self.model.chapter().stub().display(),
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
        self.view.terminal.pause();
        let mut command = tokio::process::Command::from(editor.command(file, line));
        command
            .stdin(Stdio::inherit())
            .stdout(Stdio::inherit())
            .stderr(Stdio::inherit());
        // Keys are the editor's until it ends: whoever reads them here has to stop first.
        self.sources.listen_anew();
        let ended = command.status().await;
        self.view.terminal.resume()?;
        // An interrupt that was typed meanwhile was meant for the editor.
        self.sources.listen_anew();
        Ok(ended.map(drop))
    }

    /// Where the first task that is not passed has its hole, or its panic.
    fn line_of_interest(&self) -> Option<u32> {
        let stub = self
            .model
            .chapter()
            .stub()
            .display()
            .to_string()
            .replace('\\', "/");
        let mut verdicts = self.model.report()?.verdicts();
        verdicts.find_map(|verdict| match verdict {
            Verdict::NotStarted { at, .. } | Verdict::Panicked { at, .. } if at.file == stub => {
                Some(at.line)
            }
            _ => None,
        })
    }
}

/// The lines above the text of a page.
const PAGE_HEAD: usize = 2;
