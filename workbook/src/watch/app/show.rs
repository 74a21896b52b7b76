//! What is on the screen, put together of what is known.

use std::time::Duration;

use super::{
    super::{
        book::Opening,
        model::Grading,
        screen::{Content, Key},
        terminal::Terminal,
        view::Shown,
    },
    App,
};
use crate::{
    console::stopwatch,
    context::Context,
    course::Task,
    grade::Stage,
    progress::Status,
    report::{self, model::ChapterReport},
    text::{Text, plain, quiet, strong},
};

/// What takes no longer than this is not worth a word.
const MOMENT: Duration = Duration::from_millis(400);

impl App {
    pub(super) fn content(&self) -> Content {
        let style = &self.view.style;
        let (body, input) = match &self.view.shown {
            Shown::Welcome => (self.welcome(), None),
            Shown::Chapter => (self.chapter_text(), None),
            Shown::Page(page) => (page.text(), None),
            Shown::Lesson(lesson) => {
                let (columns, _) = Terminal::size();
                (lesson.text(columns, style.charset), lesson.input())
            }
            Shown::Quiz(quiz) => (quiz.text(), quiz.input()),
            Shown::List(list) => (list.text(&self.model, style), None),
        };
        Content {
            body,
            input: input.cloned(),
            status: self.status(),
            keys: self.keys_shown(),
        }
    }

    fn status(&self) -> String {
        let lesson = match &self.view.shown {
            Shown::Lesson(lesson) => lesson.status(),
            _ => String::new(),
        };
        let under_way = &self.model.under_way;
        let doing = match &under_way.grading {
            Some(grading) if lesson.is_empty() => self.grading_status(grading),
            _ => lesson,
        };
        let opening = under_way.opening.as_ref().map(Opening::status);
        let parts = [
            doing.as_str(),
            opening.as_deref().unwrap_or_default(),
            self.model.notice.as_deref().unwrap_or_default(),
        ];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join("  ")
    }

    fn grading_status(&self, grading: &Grading) -> String {
        let slug = &self.model.context.course.chapters()[grading.chapter].slug;
        let elapsed = grading.elapsed();
        // What is done in a moment needs no stopwatch.
        if elapsed < MOMENT {
            return format!("grading {slug}.rs…");
        }
        let taken = stopwatch(elapsed);
        match &*grading.stage.borrow() {
            Stage::Running => {
                let limit = self.model.grader.limits.time.as_secs_f64();
                format!(
                    "testing {slug}.rs… {taken} (a test is stopped after {limit} s; save to start again)"
                )
            }
            stage => format!("{stage}… {taken}"),
        }
    }

    fn keys_shown(&self) -> Vec<Key> {
        const BACK: Key = ("Esc", "back");
        const QUIT: Key = ("x", "quit");
        match &self.view.shown {
            Shown::Welcome => vec![("Enter", "begin"), ("l", "list"), ("?", "help"), QUIT],
            Shown::Chapter => {
                let passed = self.model.context.progress.passed(self.model.chapter());
                let mut keys = vec![("r", "lesson"), ("q", "quiz"), ("l", "list"), ("n", "next")];
                if passed {
                    keys.push(("s", "solution"));
                } else {
                    keys.insert(0, ("h", "hint"));
                }
                if self
                    .model
                    .report()
                    .is_some_and(|report| !report.is_not_graded())
                {
                    keys.push(("Tab", "next task"));
                }
                keys.extend([("b", "book"), ("e", "edit"), ("?", "help"), QUIT]);
                keys
            }
            Shown::Page(page) => {
                let mut keys = vec![("↑↓", "scroll"), ("Space", "page"), BACK, QUIT];
                match page.answers() {
                    Some(true) => keys.insert(2, ("o", "fold answers")),
                    Some(false) => keys.insert(2, ("o", "open answers")),
                    None => {}
                }
                keys
            }
            Shown::Lesson(lesson) if lesson.is_typing() => {
                vec![("Enter", "run it"), BACK, ("Ctrl-C", "quit")]
            }
            Shown::Lesson(lesson) if lesson.has_ended() => {
                vec![("r", "again"), ("↑↓", "scroll"), BACK, QUIT]
            }
            Shown::Lesson(_) => vec![("Esc", "stop it"), QUIT],
            Shown::Quiz(quiz) if quiz.is_typing() => {
                vec![("Enter", "answer"), BACK, ("Ctrl-C", "quit")]
            }
            Shown::Quiz(quiz) if quiz.has_ended() && quiz.chapter.is_none() => {
                vec![("v", "review"), BACK, QUIT]
            }
            Shown::Quiz(quiz) if quiz.has_ended() => vec![("q", "again"), BACK, QUIT],
            Shown::Quiz(_) => vec![("Enter", "next question"), BACK, QUIT],
            Shown::List(list) if list.is_typing() => {
                vec![("Enter", "done"), ("Esc", "clear"), ("Ctrl-C", "quit")]
            }
            Shown::List(_) => vec![
                ("↑↓", "move"),
                ("Enter", "open"),
                ("/", "search"),
                ("1…9", "jump"),
                ("f", "filter"),
                BACK,
                QUIT,
            ],
        }
    }

    fn welcome(&self) -> Text {
        let chapter = self.model.chapter();
        let number = chapter.number();
        let mut text = report::welcome();
        text.blank();
        text.add(Text::words(
            "Here you learn asynchronous Rust by running it and seeing what ran when. Each chapter has four steps:",
        ));
        text.blank();
        let stub = chapter.stub().display().to_string();
        let step = |begin: &str, key: &str, end: String| [plain(begin), strong(key), plain(end)];
        text.line(step(
            "  1  lesson    ",
            "r",
            "  say what you expect, run it, and compare".into(),
        ));
        text.line(step(
            "  2  exercise  ",
            "e",
            format!("  write {stub}; every save is graded"),
        ));
        text.line(step(
            "  3  quiz      ",
            "q",
            "  questions; the ones that you miss come back".into(),
        ));
        text.line(format!(
            "  4  bench        `cargo bench -- {number}` measures what it gains"
        ));
        text.blank();
        text.add(Text::words(
            "If you get stuck, hints (h) help one step at a time, and the book (b) explains. The workbook never overwrites what you write, and keeps your progress in .workbook, in this folder.",
        ));
        text.blank();
        text.add(Text::words(
            "If you come from Python or C#, read the book's page From Python or From C# first: `cargo run -p book -- --open from-python` opens it in another terminal.",
        ));
        text.blank();
        text.add(Text::kept(&self.first_exercise()));
        text
    }

    /// Whether the first exercise can be worked on.
    fn first_exercise(&self) -> String {
        match (&self.model.under_way.grading, &self.model.failure) {
            (Some(grading), _) => format!(
                "Getting the first exercise ready: {}…",
                match &*grading.stage.borrow() {
                    Stage::Running => "testing it".to_owned(),
                    stage => stage.to_string(),
                }
            ),
            (None, Some(failure)) => failure.clone(),
            (None, None) => "The first exercise is ready: press Enter.".into(),
        }
    }

    /// The task whose hints were asked for, as long as it is the one at hand.
    fn task_with_hints(&self) -> Option<&Task> {
        if self
            .model
            .report()
            .is_some_and(ChapterReport::is_not_graded)
        {
            return None; // First, the file has to compile.
        }
        let task = self.model.task_at_hand();
        (self.model.hints_for.as_ref() == Some(&task.name)).then_some(task)
    }

    /// The verdicts on the save before, set back while those on the present one are awaited.
    fn verdicts(&self, report: &ChapterReport) -> Text {
        let text = report::graded_text(report, self.model.unfolded, &self.view.style);
        let grading = self.model.under_way.grading.as_ref();
        let is_awaited = grading.is_some_and(|grading| {
            grading.chapter == self.model.current && grading.elapsed() > MOMENT
        });
        if !is_awaited {
            return text;
        }
        let mut before = Text::from(quiet("From the save before:"));
        before.add(text.quiet());
        before
    }

    fn chapter_text(&self) -> Text {
        let model = &self.model;
        let (chapter, statuses) = (model.chapter(), model.statuses());
        let passed = statuses.iter().all(|status| *status == Status::Passed);
        let mut text = Text::default();
        if model.under_way.grading.is_none() && passed {
            // First, since what ran may fill the screen.
            text.add(self.after_chapter());
            text.blank();
        }
        text.add(match model.report() {
            Some(report) => self.verdicts(report),
            None => report::ungraded_text(chapter, statuses, &self.view.style),
        });
        if let Some(failure) = &model.failure {
            text.blank();
            text.add(Text::kept(&format!("Nothing could be graded: {failure}")));
        }
        // Where all tasks are passed, hints would be out of place.
        if !passed && let Some(task) = self.task_with_hints() {
            let shown = model.context.progress.hints(&chapter.slug, &task.name);
            text.gap();
            text.add(report::hints_text(task, shown));
        }
        text
    }

    /// How far the course is once a chapter is passed, and what there is to do.
    fn after_chapter(&self) -> Text {
        let chapter = self.model.chapter();
        let Context {
            course, progress, ..
        } = &self.model.context;
        let said = "The chapter is passed.";
        let mut text = report::passed_text(said, course, progress, &self.view.style);
        let step = |key: &str, does: String| [plain("  "), strong(key), plain("  "), plain(does)];
        match progress.next(course, &chapter.slug) {
            Some(next) => {
                text.line(step(
                    "n",
                    format!("goes on to {} {}", next.number(), next.title),
                ));
            }
            None => text.line("     every other chapter is passed too"),
        }
        text.line(step("q", "asks its questions".into()));
        text.line(step("s", "shows the reference solution".into()));
        text.line(format!(
            "     `cargo bench -- {}` measures what it gains",
            chapter.number()
        ));
        text
    }
}
