//! What the grader last proved of each task, and what else is remembered of a learner.
//!
//! It is kept in `.workbook/` in the clone; see [`Store`]. Deleting that folder begins the course anew,
//! and leaves every exercise as it is.

mod status;
mod store;

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use async_workbook::verdict::{Picture, Verdict};
use rs_fsrs::Card;
use serde::{Deserialize, Serialize};
pub use status::{ExerciseFile, Status, open_task};
pub(crate) use store::advice;
pub use store::{Opened, ProgressError, Recovery, Store};

use crate::{
    course::{Chapter, Course, Task},
    grade::{Grade, Graded, Outcome, Scene, State},
};

/// All that is remembered.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// The slug of the chapter that the learner works on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<String>,
    /// Chapters by their slugs.
    #[serde(default)]
    pub chapters: BTreeMap<String, ChapterProgress>,
    /// Questions by their ids.
    #[serde(default)]
    pub questions: BTreeMap<String, QuestionProgress>,
}

/// What is remembered of a chapter.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ChapterProgress {
    /// What the learner expected of the lesson, the last time that it was run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predicted: Option<String>,
    /// How the last quiz that came to its end went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiz: Option<Score>,
    /// The [`fingerprint_of`](crate::grade::fingerprint_of) of a file that could not be graded, if it was the last to be
    /// looked at. What was proved of the tasks before is kept: it is still true of the file that it was proved of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_graded: Option<u32>,
    /// Tasks by their names.
    #[serde(default)]
    pub tasks: BTreeMap<String, TaskProgress>,
}

/// Right answers out of all questions.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// How many were answered right.
    pub right: usize,
    /// How many were asked.
    pub asked: usize,
}

/// What is remembered of a task.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TaskProgress {
    /// What the grader last found; nothing, if it never looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proved: Option<Proved>,
    /// What ran the last time that it was wrong, if there is a picture of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_wrong: Option<LastWrong>,
    /// Whether it ever passed.
    #[serde(default)]
    pub passed_once: bool,
    /// How many of its hints were asked for.
    #[serde(default)]
    pub hints: usize,
}

/// What the grader found, and of what.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Proved {
    /// Where the task stands.
    pub state: State,
    /// The misconception, if it is wrong for a reason that has a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub misconception: Option<String>,
    /// The fingerprint of the file that was graded.
    pub file: u32,
    /// When, in seconds since 1970.
    pub at: u64,
}

/// What ran when a task was wrong.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LastWrong {
    /// What was wrong, in a few words.
    pub what: String,
    /// Where it ran.
    pub scene: Scene,
    /// What ran.
    pub picture: Picture,
}

impl LastWrong {
    fn of(grade: &Grade) -> Option<Self> {
        let verdict = &grade.verdict;
        let picture = Picture {
            drawing: verdict.drawing().map(str::to_owned),
            ..Picture::of(verdict.timeline()?)
        };
        let what = verdict.headline();
        Some(Self {
            what: what.strip_prefix("wrong: ").unwrap_or(&what).to_owned(),
            scene: grade.scene?,
            picture: Some(picture).filter(|picture| !picture.is_empty())?,
        })
    }
}

/// What is remembered of a question.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionProgress {
    /// How well it is known, and when to ask again.
    pub card: Card,
}

impl Progress {
    /// The chapter to go on with: the one that was chosen last, or else the first that is not passed.
    #[must_use]
    pub fn current<'a>(&self, course: &'a Course) -> Option<&'a Chapter> {
        let chosen = self.current.as_deref();
        let chosen = course
            .chapters()
            .iter()
            .find(|chapter| Some(chapter.slug.as_str()) == chosen);
        chosen
            .or_else(|| self.first_open(course.chapters().iter()))
            .or(course.chapters().first())
    }

    /// The chapter that follows `slug` and is not passed yet, beginning anew after the last; `None` if
    /// all others are passed.
    #[must_use]
    pub fn next<'a>(&self, course: &'a Course, slug: &str) -> Option<&'a Chapter> {
        let chapters = course.chapters();
        let at = chapters.iter().position(|chapter| chapter.slug == slug)?;
        self.first_open(chapters[at + 1..].iter().chain(&chapters[..at]))
    }

    fn first_open<'a>(
        &self,
        mut chapters: impl Iterator<Item = &'a Chapter>,
    ) -> Option<&'a Chapter> {
        chapters.find(|chapter| !self.passed(chapter))
    }

    /// Whether every task of a chapter was passed when it was last graded. A file that could not be graded since does not
    /// change that.
    #[must_use]
    pub fn passed(&self, chapter: &Chapter) -> bool {
        chapter.tasks.iter().all(|task| {
            self.proved(&chapter.slug, &task.name)
                .is_some_and(|proved| proved.state == State::Passed)
        })
    }

    /// What the grader last found of a task.
    #[must_use]
    pub fn proved(&self, slug: &str, task: &str) -> Option<&Proved> {
        self.task(slug, task)?.proved.as_ref()
    }

    fn task(&self, slug: &str, task: &str) -> Option<&TaskProgress> {
        self.chapters.get(slug)?.tasks.get(task)
    }

    /// How many chapters of the course are passed.
    #[must_use]
    pub fn chapters_passed(&self, course: &Course) -> usize {
        let chapters = course.chapters().iter();
        chapters.filter(|chapter| self.passed(chapter)).count()
    }

    /// What ran the last time that a task was wrong.
    #[must_use]
    pub fn last_wrong(&self, slug: &str, task: &str) -> Option<&LastWrong> {
        self.task(slug, task)?.last_wrong.as_ref()
    }

    /// How many hints of a task were asked for.
    #[must_use]
    pub fn hints(&self, slug: &str, task: &str) -> usize {
        self.task(slug, task).map_or(0, |task| task.hints)
    }

    /// Counts one more hint of a task as shown, if there is one.
    pub fn take_hint(&mut self, chapter: &Chapter, task: &Task) {
        let shown = &mut self.task_mut(&chapter.slug, &task.name).hints;
        *shown = (*shown + 1).min(task.hints.len());
    }

    /// What is remembered of a chapter, to be changed.
    pub fn chapter_mut(&mut self, slug: &str) -> &mut ChapterProgress {
        self.chapters.entry(slug.to_owned()).or_default()
    }

    /// What is remembered of a task, to be changed.
    pub fn task_mut(&mut self, slug: &str, task: &str) -> &mut TaskProgress {
        let tasks = &mut self.chapter_mut(slug).tasks;
        tasks.entry(task.to_owned()).or_default()
    }

    /// Takes note of what the grader found in a chapter's file, at this time since 1970.
    pub fn record(&mut self, chapter: &Chapter, graded: &Graded, now: Duration) {
        let Some(file) = graded.fingerprint else {
            return; // There was nothing to look at.
        };
        let Outcome::Tasks(grades) = &graded.outcome else {
            self.chapter_mut(&chapter.slug).not_graded = Some(file);
            return;
        };
        self.chapter_mut(&chapter.slug).not_graded = None;
        for grade in grades {
            let task = self.task_mut(&chapter.slug, &grade.task);
            let state = State::of(&grade.verdict);
            task.passed_once |= state == State::Passed;
            if state == State::Wrong {
                task.last_wrong = LastWrong::of(grade);
            }
            task.proved = Some(Proved {
                state,
                misconception: match &grade.verdict {
                    Verdict::Wrong { fault, .. } => Some(fault.misconception.clone()),
                    _ => None,
                },
                file,
                at: now.as_secs(),
            });
        }
    }
}

/// The time since 1970. A clock that stands before it counts as standing at it.
#[must_use]
pub fn now() -> Duration {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::grade::{Pictures, Sources};

    pub(super) const NOW: Duration = Duration::from_secs(1_800_000_000);

    fn course() -> Course {
        Course::open(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")))
            .expect("this is the workbook")
    }

    pub(super) fn graded(chapter: &Chapter, fingerprint: u32, verdict: &Verdict) -> Graded {
        Graded {
            file: chapter.stub(),
            fingerprint: Some(fingerprint),
            sources: Sources::default(),
            outcome: Outcome::Tasks(
                chapter
                    .tasks
                    .iter()
                    .map(|task| Grade {
                        task: task.name.clone(),
                        verdict: verdict.clone(),
                        printed: String::new(),
                        scene: None,
                        pictures: Pictures::default(),
                        faults: Vec::new(),
                    })
                    .collect(),
            ),
        }
    }

    #[test]
    fn the_next_chapter_is_one_that_is_not_passed() {
        let course = course();
        let chapters = course.chapters();
        let mut progress = Progress::default();
        assert_eq!(progress.current(&course), chapters.first());
        for chapter in chapters {
            progress.record(chapter, &graded(chapter, 1, &Verdict::Passed), NOW);
        }
        let first = &chapters[0];
        assert_eq!(progress.next(&course, &first.slug), None);
        assert_eq!(progress.current(&course), Some(first), "all are passed");

        let last = &chapters[chapters.len() - 1];
        progress.record(last, &graded(last, 1, &Verdict::StackOverflow), NOW);
        assert_eq!(progress.current(&course), Some(last));
        progress.current = Some(first.slug.clone());
        assert_eq!(progress.current(&course), Some(first), "it was chosen");
    }
}
