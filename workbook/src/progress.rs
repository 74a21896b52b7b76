//! What the grader last proved of each task, and what else is remembered of a learner.
//!
//! It is kept in `.workbook/` in the clone; see [`Store`]. Deleting that folder begins the course anew,
//! and leaves every exercise as it is.

mod store;

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use async_workbook::verdict::Verdict;
use rs_fsrs::Card;
use serde::{Deserialize, Serialize};
pub use store::{Opened, ProgressError, Recovery, Store};

use crate::{
    course::{Chapter, Course, Task},
    grade::{Graded, Outcome, State, fingerprint},
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
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ChapterProgress {
    /// What the learner expected of the lesson, the last time that it was run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predicted: Option<String>,
    /// How the last quiz that came to its end went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiz: Option<Score>,
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
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TaskProgress {
    /// What the grader last found; nothing, if it never looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proved: Option<Proved>,
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
    /// The [`fingerprint`] of the file that was graded.
    pub file: u32,
    /// When, in seconds since 1970.
    pub at: u64,
}

/// What is remembered of a question.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionProgress {
    /// How well it is known, and when to ask again.
    pub card: Card,
}

/// Where a task stands now: what was proved, compared with the file as it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Status {
    /// The grader never looked at it.
    Unknown,
    /// Nothing is written yet.
    NotStarted,
    /// Every hidden test was content.
    Passed,
    /// The code works otherwise than the task asks.
    Wrong,
    /// It is wrong now, and was passed once.
    Broken,
    /// The file cannot be graded as it is.
    NotGraded,
    /// The file is another than the one that the grader looked at.
    Changed,
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

    /// Whether every task of a chapter was passed when it was last graded.
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

    /// Takes note of what the grader found in a chapter's file.
    pub fn record(&mut self, chapter: &Chapter, graded: &Graded) {
        let Some(file) = graded.fingerprint else {
            return; // There was nothing to look at.
        };
        let mut prove = |task: &str, verdict: &Verdict| {
            let task = self.task_mut(&chapter.slug, task);
            let state = State::of(verdict);
            task.passed_once |= state == State::Passed;
            task.proved = Some(Proved {
                state,
                misconception: match verdict {
                    Verdict::Wrong { fault, .. } => Some(fault.misconception.clone()),
                    _ => None,
                },
                file,
                at: now().as_secs(),
            });
        };
        match &graded.outcome {
            Outcome::File(verdict) => {
                for task in &chapter.tasks {
                    prove(&task.name, verdict);
                }
            }
            Outcome::Tasks(grades) => {
                for grade in grades {
                    prove(&grade.task, &grade.verdict);
                }
            }
        }
    }

    /// Where each task of a chapter stands, in the order of its tasks.
    #[must_use]
    pub fn statuses(&self, course: &Course, chapter: &Chapter) -> Vec<Status> {
        let read = |file: &Path| fs::read(course.root().join(file)).ok();
        let file = read(&chapter.stub());
        let untouched = file.is_some() && file == read(&chapter.original());
        let file = file.as_deref().map(fingerprint);
        let status = |task: &Task| {
            let task = self.task(&chapter.slug, &task.name);
            let proved = task.and_then(|task| Some((task, task.proved.as_ref()?)));
            match proved {
                _ if untouched => Status::NotStarted,
                None => Status::Unknown,
                Some((_, proved)) if Some(proved.file) != file => Status::Changed,
                Some((task, proved)) => match proved.state {
                    State::Passed => Status::Passed,
                    State::Wrong | State::NotStarted if task.passed_once => Status::Broken,
                    State::Wrong => Status::Wrong,
                    State::NotStarted => Status::NotStarted,
                    State::NotGraded => Status::NotGraded,
                },
            }
        };
        chapter.tasks.iter().map(status).collect()
    }
}

/// The first task that is not passed, or else the last one.
#[must_use]
pub fn open_task<'a>(chapter: &'a Chapter, statuses: &[Status]) -> &'a Task {
    let open = statuses.iter().position(|status| *status != Status::Passed);
    &chapter.tasks[open.unwrap_or(chapter.tasks.len() - 1)]
}

/// The time since 1970. A clock that stands before it counts as standing at it.
pub(crate) fn now() -> Duration {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grade::Grade;

    fn course() -> Course {
        Course::open(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")))
            .expect("this is the workbook")
    }

    fn graded(chapter: &Chapter, fingerprint: u32, verdict: &Verdict) -> Graded {
        Graded {
            file: chapter.stub(),
            fingerprint: Some(fingerprint),
            outcome: Outcome::Tasks(
                chapter
                    .tasks
                    .iter()
                    .map(|task| Grade {
                        task: task.name.clone(),
                        verdict: verdict.clone(),
                        printed: String::new(),
                        faults: Vec::new(),
                    })
                    .collect(),
            ),
        }
    }

    /// A course of its own in a folder of its own, whose one exercise holds `text`.
    fn course_with(text: &str) -> (tempfile::TempDir, Course) {
        let real = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        let folder = tempfile::tempdir().expect("the system has a temporary folder");
        let exercises = folder.path().join("exercises");
        for inner in ["hidden/03_gather", "original"] {
            fs::create_dir_all(exercises.join(inner)).expect("it is ours");
        }
        let copy = |file: &str| {
            fs::copy(real.join(file), folder.path().join(file)).expect("it is there");
        };
        copy("exercises/hidden/03_gather/chapter.toml");
        copy("exercises/original/03_gather.rs");
        fs::write(exercises.join("03_gather.rs"), text).expect("it is ours");
        let course = Course::open(folder.path()).expect("it is whole");
        (folder, course)
    }

    #[test]
    fn a_status_is_what_was_proved_of_the_file_as_it_is() {
        let (folder, course) = course_with("one");
        let chapter = &course.chapters()[0];
        let mut progress = Progress::default();
        assert_eq!(progress.statuses(&course, chapter)[0], Status::Unknown);

        progress.record(
            chapter,
            &graded(chapter, fingerprint(b"one"), &Verdict::Passed),
        );
        assert_eq!(progress.statuses(&course, chapter)[0], Status::Passed);
        assert!(progress.passed(chapter));

        let file = folder.path().join(chapter.stub());
        fs::write(&file, "two").expect("it is ours");
        assert_eq!(progress.statuses(&course, chapter)[0], Status::Changed);

        let stack = Verdict::StackOverflow;
        progress.record(chapter, &graded(chapter, fingerprint(b"two"), &stack));
        assert_eq!(progress.statuses(&course, chapter)[0], Status::Broken);
        assert!(!progress.passed(chapter));

        fs::copy(folder.path().join(chapter.original()), &file).expect("it is there");
        assert_eq!(progress.statuses(&course, chapter)[0], Status::NotStarted);
    }

    #[test]
    fn the_next_chapter_is_one_that_is_not_passed() {
        let course = course();
        let chapters = course.chapters();
        let mut progress = Progress::default();
        assert_eq!(progress.current(&course), chapters.first());
        for chapter in chapters {
            progress.record(chapter, &graded(chapter, 1, &Verdict::Passed));
        }
        let first = &chapters[0];
        assert_eq!(progress.next(&course, &first.slug), None);
        assert_eq!(progress.current(&course), Some(first), "all are passed");

        let last = &chapters[chapters.len() - 1];
        progress.record(last, &graded(last, 1, &Verdict::StackOverflow));
        assert_eq!(progress.current(&course), Some(last));
        progress.current = Some(first.slug.clone());
        assert_eq!(progress.current(&course), Some(first), "it was chosen");
    }
}
