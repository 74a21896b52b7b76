//! From a save to its verdict.

use std::pin::pin;

use async_workbook::verdict::Verdict;
use futures::StreamExt as _;
use tokio::time::Instant;
use tokio_util::task::AbortOnDropHandle;

use super::{App, Grading, View};
use crate::grade::{AnswerFile, GradeError, Graded, Outcome};

impl App {
    /// A save is always graded, whatever is under way: that is dropped, and with it its cargo and its answer.
    pub(super) fn saved(&mut self, chapters: &[usize]) {
        let chapter = match chapters {
            saved if saved.contains(&self.current) => self.current,
            [.., last] => *last,
            [] => return,
        };
        if chapter != self.current {
            self.current = chapter;
            self.hints_for = None;
            let slug = self.chapter().slug.clone();
            self.remember(move |progress| progress.current = Some(slug.clone()));
        }
        // What was said of an earlier save is no longer true.
        self.notice = None;
        if !self.is_busy_otherwise() {
            self.show(View::Chapter);
        }
        self.start_grading(chapter);
    }

    /// Whether the learner is in the middle of something that a verdict may not push aside.
    fn is_busy_otherwise(&self) -> bool {
        match &self.view {
            View::Lesson(lesson) => !lesson.has_ended(),
            View::Quiz(quiz) => !quiz.has_ended(),
            View::List(_) | View::Welcome => true,
            View::Chapter | View::Page { .. } => false,
        }
    }

    pub(super) fn start_grading(&mut self, chapter: usize) {
        self.failure = None;
        // What was under way ends first, so that two cargos never wait for each other.
        self.grading = None;
        if self.opening.take().is_some() {
            self.notice = Some("the exercise comes before the book: b opens it again".into());
        }
        let grader = self.grader.clone();
        if let Some(ready) = &grader.cargo.ready {
            ready.send_replace(0);
        }
        let answer = AnswerFile::of_chapter(&self.context.course.chapters()[chapter]);
        let grade = async move {
            let answers = [answer];
            let mut graded = pin!(grader.grade(&answers).await?);
            let first = graded.next().await;
            first.unwrap_or_else(|| Err(GradeError::NotBuilt(answers[0].target.clone())))
        };
        self.grading = Some(Grading {
            chapter,
            since: Instant::now(),
            task: AbortOnDropHandle::new(tokio::spawn(grade)),
        });
        self.ticks.reset();
    }

    pub(super) fn take_grade(&mut self, chapter: usize, graded: Result<Graded, GradeError>) {
        self.grading = None;
        let graded = match graded {
            Ok(graded) => graded,
            Err(error) => {
                // What was found before is no longer known to be so.
                self.graded.remove(&chapter);
                self.failure = Some(error.to_string());
                return;
            }
        };
        if !matches!(self.view, View::Welcome | View::Chapter) {
            let chapter = &self.context.course.chapters()[chapter];
            let found = match &graded.outcome {
                Outcome::File(Verdict::DoesNotCompile { .. }) => "does not compile".to_owned(),
                Outcome::File(_) => "cannot be graded".to_owned(),
                Outcome::Tasks(grades) => {
                    let passed = grades
                        .iter()
                        .filter(|grade| grade.verdict == Verdict::Passed);
                    format!("has {} of {} passed", passed.count(), grades.len())
                }
            };
            self.notice = Some(format!("{} {found} (Esc shows it)", chapter.number()));
        }
        let (of, found) = (
            self.context.course.chapters()[chapter].clone(),
            graded.clone(),
        );
        self.remember(move |progress| progress.record(&of, &found));
        self.graded.insert(chapter, graded);
    }
}
