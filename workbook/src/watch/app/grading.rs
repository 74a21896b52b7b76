//! From a save to its verdict.

use async_workbook::verdict::Verdict;
use tokio::time::Instant;
use tokio_util::task::AbortOnDropHandle;

use super::{
    super::{model::Grading, view::Shown},
    App,
};
use crate::{
    grade::{AnswerFile, GradeError, Graded, Stages, State},
    progress,
    report::{
        Unfolded,
        model::{ChapterReport, Found},
    },
    saves::Saved,
};

impl App {
    /// A save is always graded, whatever is under way: that is dropped, and with it its cargo and its answer.
    pub(super) fn saved(&mut self, saved: &[Saved]) {
        self.model.take_files(saved);
        let current = self.model.current;
        let chapter = match saved {
            saved if saved.iter().any(|saved| saved.chapter == current) => current,
            [.., last] => last.chapter,
            [] => return,
        };
        if chapter != current {
            self.make_current(chapter);
        }
        // What was said of an earlier save is no longer true.
        self.model.notice = None;
        if !self.is_busy_otherwise() {
            self.show(Shown::Chapter);
        }
        self.start_grading(chapter);
    }

    /// Whether the learner is in the middle of something that a verdict may not push aside.
    fn is_busy_otherwise(&self) -> bool {
        match &self.view.shown {
            Shown::Lesson(lesson) => !lesson.has_ended(),
            Shown::Quiz(quiz) => !quiz.has_ended(),
            Shown::List(_) | Shown::Welcome => true,
            Shown::Chapter | Shown::Page(_) => false,
        }
    }

    pub(super) fn start_grading(&mut self, chapter: usize) {
        self.model.failure = None;
        // What was under way ends first, so that two cargos never wait for each other.
        self.model.under_way.grading = None;
        if self.model.under_way.opening.take().is_some() {
            self.model.notice = Some("grading your save first; press b again for the book".into());
        }
        let mut grader = self.model.grader.clone();
        let (stages, stage) = Stages::channel();
        grader.cargo.stages = stages;
        let answer = AnswerFile::of_chapter(&self.model.context.course.chapters()[chapter]);
        let grade = async move { grader.grade_one(answer).await };
        self.model.under_way.grading = Some(Grading {
            chapter,
            since: Instant::now(),
            stage,
            task: AbortOnDropHandle::new(tokio::spawn(grade)),
        });
        self.sources.restart_ticks();
    }

    pub(super) fn take_grade(&mut self, position: usize, graded: Result<Graded, GradeError>) {
        self.model.under_way.grading = None;
        let graded = match graded {
            Ok(graded) => graded,
            Err(error) => {
                // What was found before is no longer known to be so.
                self.model.reports.remove(&position);
                self.model.failure = Some(error.to_string());
                return;
            }
        };
        let chapter = self.model.context.course.chapters()[position].clone();
        let report = ChapterReport::new(&chapter, &graded, &self.model.context.progress);
        if position == self.model.current {
            self.model.unfolded = Unfolded::FirstFault;
            self.forget_hints(&report);
        }
        if !matches!(self.view.shown, Shown::Welcome | Shown::Chapter) {
            let found = in_a_few_words(&report);
            self.model.notice = Some(format!("{} {found} (Esc shows it)", chapter.number()));
        }
        self.model.reports.insert(position, report);
        let now = progress::now();
        self.remember(move |progress| progress.record(&chapter, &graded, now));
    }

    /// Hints for a task that is passed never come back, whatever becomes of it.
    fn forget_hints(&mut self, report: &ChapterReport) {
        let tasks = report.tasks();
        let mut passed = tasks
            .iter()
            .filter(|(_, verdict, _)| verdict.state == State::Passed);
        if passed.any(|(name, ..)| self.model.hints_for.as_deref() == Some(*name)) {
            self.model.hints_for = None;
        }
    }
}

fn in_a_few_words(report: &ChapterReport) -> String {
    match &report.found {
        Found::File(file) if matches!(file.verdict, Verdict::DoesNotCompile { .. }) => {
            "does not compile".to_owned()
        }
        Found::File(_) => "cannot be graded".to_owned(),
        Found::Tasks(_) => {
            let tally = report.tally();
            format!("has {} of {} passed", tally.passed, tally.tasks())
        }
    }
}
