//! What is on the screen.

use std::{io, time::Duration};

use async_workbook::verdict::escape_control;

use super::{
    super::{
        book::Opening,
        screen::{self, Content},
    },
    App, Grading, View,
};
use crate::{
    course::Task,
    grade::Graded,
    progress::{Status, open_task},
    report::{self, QUIET, STRONG},
};

/// What takes no longer than this is not worth a word.
const MOMENT: Duration = Duration::from_millis(400);

impl App {
    pub(super) fn draw(&mut self) -> io::Result<()> {
        let frame = screen::show(&self.terminal, &self.content(), self.scroll)?;
        self.hidden = frame.hidden;
        self.height = frame.height;
        Ok(())
    }

    fn content(&self) -> Content {
        let (body, input) = match &self.view {
            View::Welcome => (self.welcome(), None),
            View::Chapter => (self.chapter_text(), None),
            View::Page { title, text } => (
                format!("{STRONG}{title}{STRONG:#}\n\n{}", escape_control(text)),
                None,
            ),
            View::Lesson(lesson) => (lesson.text(&self.look), lesson.input()),
            View::Quiz(quiz) => (quiz.text(&self.look), quiz.input()),
            View::List(list) => (list.text(&self.context, &self.look), None),
        };
        Content {
            body,
            input: input.cloned(),
            status: self.status(),
            keys: self.keys_shown(),
        }
    }

    fn status(&self) -> String {
        let lesson = match &self.view {
            View::Lesson(lesson) => lesson.status(),
            _ => String::new(),
        };
        let doing = match &self.grading {
            Some(grading) if lesson.is_empty() => self.grading_status(grading),
            _ => lesson,
        };
        let opening = self.opening.as_ref().map(Opening::status);
        let parts = [
            doing.as_str(),
            opening.as_deref().unwrap_or_default(),
            self.notice.as_deref().unwrap_or_default(),
        ];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join("  ")
    }

    fn grading_status(&self, grading: &Grading) -> String {
        let slug = &self.context.course.chapters()[grading.chapter].slug;
        let seconds = grading.since.elapsed().as_secs_f64();
        // What is done in a moment needs no stopwatch.
        if grading.since.elapsed() < MOMENT {
            return format!("grading {slug}.rs…");
        }
        let limit = self.grader.limits.time.as_secs_f64();
        if seconds < 2.0 {
            format!("grading {slug}.rs… {seconds:.1} s")
        } else {
            format!(
                "grading {slug}.rs… {seconds:.1} s (a test is stopped after {limit} s; saving starts anew)"
            )
        }
    }

    fn keys_shown(&self) -> Vec<(&'static str, &'static str)> {
        const BACK: (&str, &str) = ("Esc", "back");
        const QUIT: (&str, &str) = ("x", "quit");
        match &self.view {
            View::Welcome => vec![("Enter", "begin"), ("l", "list"), ("?", "help"), QUIT],
            View::Chapter => {
                let passed = self.context.progress.passed(self.chapter());
                let mut keys = vec![("r", "lesson"), ("q", "quiz"), ("l", "list"), ("n", "next")];
                if passed {
                    keys.push(("s", "solution"));
                } else {
                    keys.insert(0, ("h", "hint"));
                }
                keys.extend([("b", "book"), ("e", "edit"), ("?", "help"), QUIT]);
                keys
            }
            View::Page { .. } => vec![("↑↓", "scroll"), ("Space", "page"), BACK, QUIT],
            View::Lesson(lesson) if lesson.is_typing() => {
                vec![("Enter", "run it"), BACK, ("Ctrl-C", "quit")]
            }
            View::Lesson(lesson) if lesson.has_ended() => {
                vec![("r", "again"), ("↑↓", "scroll"), BACK, QUIT]
            }
            View::Lesson(_) => vec![("Esc", "stop it"), QUIT],
            View::Quiz(quiz) if quiz.is_typing() => {
                vec![("Enter", "answer"), BACK, ("Ctrl-C", "quit")]
            }
            View::Quiz(quiz) if quiz.has_ended() && quiz.chapter.is_none() => {
                vec![("v", "review"), BACK, QUIT]
            }
            View::Quiz(quiz) if quiz.has_ended() => vec![("q", "again"), BACK, QUIT],
            View::Quiz(_) => vec![("Enter", "next question"), BACK, QUIT],
            View::List(list) if list.is_typing() => {
                vec![("Enter", "done"), ("Esc", "no search"), ("Ctrl-C", "quit")]
            }
            View::List(_) => vec![
                ("↑↓", "move"),
                ("Enter", "go there"),
                ("/", "search"),
                ("f", "filter"),
                BACK,
                QUIT,
            ],
        }
    }

    fn welcome(&self) -> String {
        let chapter = self.chapter();
        let number = chapter.number();
        let words = |text: &str| report::wrapped(text, "", &self.look);
        let mut text = format!("{}\n", report::welcome());
        text += &words(
            "You learn asynchronous Rust here by running it, and by seeing what ran when. A chapter goes in four steps:",
        );
        text += &format!(
            "\n  1  lesson    {STRONG}r{STRONG:#}  say what you expect, run it, and compare\
             \n  2  exercise  {STRONG}e{STRONG:#}  write {}; every save is graded\
             \n  3  quiz      {STRONG}q{STRONG:#}  questions; those that you miss come back\
             \n  4  bench        `cargo bench -- {number}` measures what it gains\n\n",
            chapter.stub().display()
        );
        text += &words(
            "On the way, hints (h) help one step at a time, and the book (b) explains. What you write is never overwritten, and your progress is kept in .workbook, in this folder.",
        );
        text.push('\n');
        text += &match (&self.grading, &self.failure) {
            (Some(_), _) => format!(
                "Getting the first exercise ready: {} crates are compiled…\n",
                *self.crates_ready.borrow()
            ),
            (None, Some(failure)) => format!("{}\n", escape_control(failure)),
            (None, None) => "The first exercise is ready: press Enter.\n".into(),
        };
        text
    }

    /// The task whose hints were asked for, as long as it is the next to be solved.
    fn task_with_hints(&self, statuses: &[Status]) -> Option<&Task> {
        let graded = self.graded.get(&self.current);
        if graded.is_some_and(|graded| graded.file_verdict().is_some()) {
            return None; // First, the file has to compile.
        }
        let task = open_task(self.chapter(), statuses);
        (self.hints_for.as_ref() == Some(&task.name)).then_some(task)
    }

    /// The verdicts on the save before, set back while those on the present one are awaited.
    fn verdicts(&self, graded: &Graded) -> String {
        let text = report::graded_text(self.chapter(), graded, &self.look);
        let awaited = self.grading.as_ref().is_some_and(|grading| {
            grading.chapter == self.current && grading.since.elapsed() > MOMENT
        });
        if !awaited {
            return text;
        }
        let plain = anstream::adapter::strip_str(&text).to_string();
        let dimmed = plain
            .lines()
            .map(|line| format!("{QUIET}{line}{QUIET:#}\n"));
        format!(
            "{QUIET}Of the save before:{QUIET:#}\n{}",
            dimmed.collect::<String>()
        )
    }

    fn chapter_text(&self) -> String {
        let chapter = self.chapter();
        let statuses = self
            .context
            .progress
            .statuses(&self.context.course, chapter);
        let mut text = match self.graded.get(&self.current) {
            Some(graded) => self.verdicts(graded),
            None => report::ungraded_text(chapter, &statuses, &self.look),
        };
        if let Some(failure) = &self.failure {
            text += &format!("\nNothing could be graded: {}\n", escape_control(failure));
        }
        if self.grading.is_none() && statuses.iter().all(|status| *status == Status::Passed) {
            let next = match self
                .context
                .progress
                .next(&self.context.course, &chapter.slug)
            {
                Some(next) => format!("n goes on to {} {}", next.number(), next.title),
                None => "every other chapter is passed too".into(),
            };
            let words = format!(
                "The chapter is passed. q asks its questions, s shows the reference solution, `cargo bench -- {}` measures; {next}.",
                chapter.number()
            );
            text += &format!("\n{}", report::wrapped(&words, "", &self.look));
        } else if let Some(task) = self.task_with_hints(&statuses) {
            let shown = self.context.progress.hints(&chapter.slug, &task.name);
            text += &format!("\n{}", report::hints_text(task, shown, &self.look));
        }
        text
    }
}
