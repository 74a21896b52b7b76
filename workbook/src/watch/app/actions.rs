//! What a key asks for that needs more than a line: hints, questions, the book, the editor.

use std::{io, path::Path, process::Stdio};

use async_workbook::verdict::Verdict;

use super::{
    super::{
        book::{self, Opening},
        page::Page,
        quiz::Quiz,
        reading::{Indexing, Read, Reading},
        screen::Scroll,
        terminal::Terminal,
        view::Shown,
    },
    App,
};
use crate::{
    context::Context,
    editor::Editor,
    grade::State,
    progress::Status,
    report::{
        Unfolded,
        model::{ChapterReport, VerdictReport},
    },
    search::Index,
    text::{self, Language},
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

    /// Shows the chapters, and has their pages read, so that they can be searched.
    pub(super) fn list_chapters(&mut self) {
        self.show(Shown::list(self.model.current));
        self.start_indexing();
    }

    /// Has the pages read, unless they were.
    pub(super) fn start_indexing(&mut self) {
        if !self.model.is_indexed && self.model.under_way.indexing.is_none() {
            let course = self.model.context.course.clone();
            let indexing = Indexing::start(move || Index::read(&course));
            self.model.under_way.indexing = Some(indexing);
        }
    }

    /// Has the pages searched from now on.
    pub(super) fn take_index(&mut self, index: Index) {
        self.model.under_way.indexing = None;
        self.model.is_indexed = true;
        self.model.index = index;
        if let Shown::List(list) = &mut self.view.shown {
            list.search_in(&self.model.index);
        }
    }

    pub(super) fn next_hint(&mut self) {
        if self
            .model
            .report()
            .is_some_and(ChapterReport::is_not_graded)
        {
            self.model.notice =
                Some("mend the file first: hints help once it can be graded".into());
            return;
        }
        let (chapter, statuses) = (self.model.chapter().clone(), self.model.statuses());
        if statuses.iter().all(|status| *status == Status::Passed) {
            self.model.notice = Some("every task of this chapter is passed".into());
            return;
        }
        let task = self.model.task_at_hand().clone();
        let seen = self.model.context.progress.hints(&chapter.slug, &task.name);
        let is_shown = self.model.hints_for.as_ref() == Some(&task.name);
        if is_shown && seen == task.hints.len() {
            self.model.notice = Some(format!(
                "there are no more hints for {}: b opens the book, and `cargo run -- solution {} --anyway` shows the solution",
                task.name,
                chapter.number()
            ));
        } else {
            self.model.hints_for = Some(task.name.clone());
            self.remember(move |progress| progress.take_hint(&chapter, &task));
            self.show(Shown::Chapter);
        }
        self.view.scroll = Scroll::End;
    }

    /// Unfolds the task after the one that is unfolded, or before it.
    pub(super) fn unfold(&mut self, step: isize) {
        let Some(report) = self.model.report() else {
            return;
        };
        let tasks = report.verdicts().count();
        if tasks == 0 {
            return;
        }
        let at = match (self.model.unfolded, step) {
            (Unfolded::Task(at), 1..) => (at + 1) % tasks,
            (Unfolded::Task(at), _) => (at + tasks - 1) % tasks,
            // From what is unfolded by itself, on to the next.
            (_, 1..) => report.first_wrong().map_or(0, |wrong| (wrong + 1) % tasks),
            (_, _) => report
                .first_wrong()
                .map_or(tasks - 1, |wrong| (wrong + tasks - 1) % tasks),
        };
        self.model.unfolded = Unfolded::Task(at);
        self.view.scroll = Scroll::From(0);
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
        self.read(Reading::questions(&self.model.context.course, &chapter));
    }

    pub(super) fn review(&mut self) {
        let Context {
            course, progress, ..
        } = &self.model.context;
        self.read(Reading::due(course, progress));
    }

    /// Waits for what a key asked for, in place of what the key before it asked for.
    fn read(&mut self, reading: Reading) {
        self.model.notice = None;
        self.model.under_way.reading = Some(reading);
    }

    /// Shows what was read.
    pub(super) async fn take_read(&mut self, read: Read) -> io::Result<()> {
        self.model.under_way.reading = None;
        match read {
            Read::Questions(chapter, questions) => {
                self.show(Shown::Quiz(Box::new(Quiz::new(chapter, questions))));
            }
            Read::Page {
                title,
                text,
                section,
            } => {
                let page = Page::of_markdown(title, text, &self.view.style);
                let (columns, _) = Terminal::size();
                let from = section.map_or(0, |section| page.line_of(&section, columns));
                // Why it is not in the browser, if so.
                let notice = self.model.notice.take();
                self.show(Shown::Page(Box::new(page)));
                self.model.notice = notice;
                self.view.scroll = Scroll::From(from);
            }
            Read::Solution { title, text } => {
                let page = Page::of_text(title, text::code(&text, Language::Rust));
                self.show(Shown::Page(Box::new(page)));
            }
            Read::Editor { editor, file, line } => return self.edit_in(&editor, &file, line).await,
            Read::Nothing(why) => self.model.notice = Some(why),
        }
        Ok(())
    }

    /// Opens the book in the browser, at the section on the verdict that is shown, or else at the page of the chapter.
    /// Without a browser, the page is shown here.
    pub(super) fn open_book(&mut self) {
        if !book::browser_is_there() {
            self.read_book();
            return;
        }
        let page = match self.section() {
            Some((file, anchor)) => {
                let page = Path::new(file).file_stem().unwrap_or_default();
                format!("{}#{anchor}", page.display())
            }
            None => self.model.chapter().slug.clone(),
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
                format!("cannot show the page in a browser: {why}")
            }
            Err(why) => format!("cannot show the page in a browser: {why}; B shows it here"),
        });
    }

    /// The section on the verdict that is shown, if the book has one: its file, and its anchor there.
    fn section(&self) -> Option<(&str, &str)> {
        let (_, report) = self.report_of_interest()?;
        report.section.as_deref()?.split_once('#')
    }

    /// The task that is looked at, with its verdict: the one that is unfolded, or else the first that is not passed; a
    /// wrong one before one that is not started. Of functions that are as they came, none matters more than another.
    fn report_of_interest(&self) -> Option<(&str, &VerdictReport)> {
        let report = self.model.report()?;
        let tasks = report.tasks();
        let at = match self.model.unfolded {
            Unfolded::Task(at) => Some(at),
            _ => report.first_wrong().or_else(|| {
                let mut tasks = tasks.iter();
                tasks.position(|(_, found, _)| {
                    let is_untouched = matches!(found.verdict, Verdict::Untouched { .. });
                    found.state != State::Passed && !is_untouched
                })
            }),
        };
        let (name, verdict, _) = tasks.get(at?)?;
        Some((name, verdict))
    }

    /// Shows the page with the section on the verdict that is shown, from there on, or else the page of the chapter.
    pub(super) fn read_book(&mut self) {
        let (file, anchor) = match self.section() {
            Some((file, anchor)) => (file.into(), Some(anchor.to_owned())),
            None => (self.model.chapter().page(), None),
        };
        let reading = Reading::page(&self.model.context.course, file, anchor);
        self.read(reading);
    }

    pub(super) fn show_solution(&mut self) {
        let chapter = self.model.chapter();
        if !self.model.context.progress.passed(chapter) {
            self.model.notice = Some(format!(
                "s shows the solution once you have passed the chapter; `cargo run -- solution {} --anyway` shows it now",
                chapter.number()
            ));
            return;
        }
        self.read(Reading::solution(&self.model.context.course, chapter));
    }

    /// Opens the exercise in the learner's editor, at the line that matters to the task that is looked at.
    pub(super) fn edit(&mut self) {
        let of = self
            .report_of_interest()
            .map(|(task, report)| (task.to_owned(), report.verdict.clone()));
        let reading = Reading::editor(&self.model.context.course, self.model.chapter(), of);
        self.read(reading);
    }

    async fn edit_in(&mut self, editor: &Editor, file: &Path, line: Option<u32>) -> io::Result<()> {
        let opened = if editor.in_terminal() {
            self.lend_terminal_to(editor, file, line).await?
        } else {
            editor.open_window(file, line)
        };
        self.model.notice = match opened {
            // Who has just left an editor in the terminal knows.
            Ok(()) if editor.in_terminal() => None,
            Ok(()) => Some(format!(
                "opened {} in {}",
                self.model.chapter().stub().display(),
                editor.name()
            )),
            Err(error) => Some(format!(
                "cannot start {}: {error}; `cargo run -- doctor` shows where its name comes from",
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
}
