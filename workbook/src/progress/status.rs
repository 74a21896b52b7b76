//! Where tasks stand now: what was proved, beside the file as it is.

use std::{
    fs, io, iter,
    path::{Path, PathBuf},
};

use super::Progress;
use crate::{
    course::{Chapter, Task},
    grade::{State, fingerprint_of},
};

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

/// The learner's file of a chapter, as it was when it was last read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ExerciseFile {
    /// Nothing, if it cannot be read.
    fingerprint: Option<u32>,
    /// Whether it is as it came.
    untouched: bool,
}

impl ExerciseFile {
    /// Reads the file of `chapter` in the workbook at `root`, and those that are modules of it.
    #[must_use]
    pub fn read(root: &Path, chapter: &Chapter) -> Self {
        let files = contents(root, chapter.files(root), &chapter.stub());
        let came = contents(root, chapter.original_files(root), &chapter.original());
        let folder = chapter
            .stub()
            .parent()
            .map(Path::to_owned)
            .unwrap_or_default();
        let fingerprint = |files: &Vec<(PathBuf, Vec<u8>)>| {
            let named = files
                .iter()
                .map(|(name, content)| (folder.join(name), content));
            let named: Vec<_> = named.collect();
            fingerprint_of(
                named
                    .iter()
                    .map(|(file, content)| (file.as_path(), content.as_slice())),
            )
        };
        Self {
            fingerprint: files.as_ref().map(fingerprint),
            untouched: files.is_some() && files == came,
        }
    }
}

/// What is in these files, with their names from the folder of their root; nothing, if one cannot be read.
fn contents(
    workbook: &Path,
    files: io::Result<Vec<PathBuf>>,
    root: &Path,
) -> Option<Vec<(PathBuf, Vec<u8>)>> {
    let content = |file: PathBuf| {
        let name = file.strip_prefix(root.parent()?).ok()?.to_owned();
        Some((name, fs::read(workbook.join(file)).ok()?))
    };
    files.ok()?.into_iter().map(content).collect()
}

impl Progress {
    /// Where each task of a chapter stands, in the order of its tasks.
    #[must_use]
    pub fn statuses(&self, chapter: &Chapter, file: &ExerciseFile) -> Vec<Status> {
        let tasks = chapter.tasks.iter();
        tasks.map(|task| self.status(chapter, task, file)).collect()
    }

    fn status(&self, chapter: &Chapter, task: &Task, file: &ExerciseFile) -> Status {
        let known = self.chapters.get(&chapter.slug);
        let not_graded = known.and_then(|chapter| chapter.not_graded);
        // As it came, it is right: it cannot be broken without being changed.
        let is_sound = chapter.is_bug_hunt() && task.planted.is_none();
        let task = self.task(&chapter.slug, &task.name);
        let proved = task.and_then(|task| Some((task, task.proved.as_ref()?)));
        match proved {
            _ if file.untouched => Status::NotStarted,
            _ if not_graded.is_some() && not_graded == file.fingerprint => Status::NotGraded,
            None => Status::Unknown,
            Some((_, proved)) if Some(proved.file) != file.fingerprint => Status::Changed,
            Some((task, proved)) => match proved.state {
                State::Passed => Status::Passed,
                State::NotStarted if is_sound => Status::NotStarted,
                State::Wrong | State::NotStarted if task.passed_once => Status::Broken,
                State::Wrong => Status::Wrong,
                State::NotStarted => Status::NotStarted,
                State::NotGraded => Status::NotGraded,
            },
        }
    }
}

/// The first task that is not passed, or else the last one.
///
/// The tasks of a bug hunt are solved in any order: there, one that was begun comes before those that were not. What is
/// sound comes last, since there is nothing to be done.
#[must_use]
pub fn open_task<'a>(chapter: &'a Chapter, statuses: &[Status]) -> &'a Task {
    let first = |is_meant: fn(&Task, Status) -> bool| {
        let mut tasks = iter::zip(&chapter.tasks, statuses);
        tasks.position(|(task, status)| *status != Status::Passed && is_meant(task, *status))
    };
    let of_hunt = || {
        let begun = first(|_, status| matches!(status, Status::Wrong | Status::Broken));
        begun.or_else(|| first(|task, _| task.planted.is_some()))
    };
    let open = chapter.is_bug_hunt().then(of_hunt).flatten();
    let open = open.or_else(|| first(|_, _| true));
    &chapter.tasks[open.unwrap_or(chapter.tasks.len() - 1)]
}

#[cfg(test)]
mod tests {
    use async_workbook::verdict::{Place, Verdict};

    use super::{
        super::tests::{NOW, graded},
        *,
    };
    use crate::{
        course::Course,
        grade::{Graded, Outcome, Sources, fingerprint},
    };

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
        let statuses = |progress: &Progress| {
            progress.statuses(chapter, &ExerciseFile::read(course.root(), chapter))
        };
        assert_eq!(statuses(&progress)[0], Status::Unknown);

        progress.record(
            chapter,
            &graded(chapter, fingerprint(b"one"), &Verdict::Passed),
            NOW,
        );
        assert_eq!(statuses(&progress)[0], Status::Passed);
        assert!(progress.passed(chapter));

        let file = folder.path().join(chapter.stub());
        fs::write(&file, "two").expect("it is ours");
        assert_eq!(statuses(&progress)[0], Status::Changed);

        let stack = Verdict::StackOverflow;
        progress.record(chapter, &graded(chapter, fingerprint(b"two"), &stack), NOW);
        assert_eq!(statuses(&progress)[0], Status::Broken);
        assert!(!progress.passed(chapter));

        fs::copy(folder.path().join(chapter.original()), &file).expect("it is there");
        assert_eq!(statuses(&progress)[0], Status::NotStarted);
    }

    #[test]
    fn in_a_bug_hunt_what_was_begun_comes_first_and_what_is_sound_last() {
        let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        let course = Course::open(root).expect("this is the workbook");
        let chapter = course.chapter("17").expect("it is there");
        let tasks = &chapter.tasks;
        let sound = tasks.iter().position(|task| task.planted.is_none());
        let sound = sound.expect("one is sound");
        let open = |statuses: &[Status]| open_task(chapter, statuses).name.as_str();

        let mut statuses = vec![Status::NotStarted; tasks.len()];
        assert_eq!(open(&statuses), tasks[0].name);
        statuses[sound + 1] = Status::Wrong;
        assert_eq!(open(&statuses), tasks[sound + 1].name);
        statuses[..=sound + 1].fill(Status::Passed);
        statuses[sound] = Status::NotStarted;
        assert_eq!(open(&statuses), tasks[sound + 2].name);
        statuses[sound + 1..].fill(Status::Passed);
        assert_eq!(open(&statuses), tasks[sound].name);
        statuses.fill(Status::Passed);
        assert_eq!(open(&statuses), tasks[tasks.len() - 1].name);
    }

    #[test]
    fn what_is_sound_is_not_broken_by_being_as_it_came() {
        let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        let course = Course::open(root).expect("this is the workbook");
        let chapter = course.chapter("17").expect("it is there");
        let mut progress = Progress::default();
        progress.record(chapter, &graded(chapter, 1, &Verdict::Passed), NOW);
        let untouched = Verdict::Untouched {
            at: Place {
                file: "exercises/17_pitfalls.rs".into(),
                line: 1,
            },
        };
        progress.record(chapter, &graded(chapter, 2, &untouched), NOW);
        let file = ExerciseFile {
            fingerprint: Some(2),
            untouched: false,
        };
        for (task, status) in iter::zip(&chapter.tasks, progress.statuses(chapter, &file)) {
            let expected = match task.planted {
                Some(_) => Status::Broken,
                None => Status::NotStarted,
            };
            assert_eq!(status, expected, "{}", task.name);
        }
    }

    #[test]
    fn a_file_that_cannot_be_graded_takes_nothing_back() {
        let (folder, course) = course_with("right");
        let chapter = &course.chapters()[0];
        let mut progress = Progress::default();
        let status = |progress: &Progress| {
            let statuses = progress.statuses(chapter, &ExerciseFile::read(course.root(), chapter));
            assert!(statuses.iter().all(|status| *status == statuses[0]));
            statuses[0]
        };
        let save = |text: &str| {
            fs::write(folder.path().join(chapter.stub()), text).expect("write the test's file");
        };
        let does_not_compile = |text: &str| Graded {
            file: chapter.stub(),
            fingerprint: Some(fingerprint(text.as_bytes())),
            sources: Sources::default(),
            outcome: Outcome::File(Verdict::DoesNotCompile {
                in_hidden_tests: false,
                error: "error".into(),
            }),
        };

        save("never right");
        progress.record(chapter, &does_not_compile("never right"), NOW);
        assert_eq!(status(&progress), Status::NotGraded);
        assert!(!progress.passed(chapter));

        save("right");
        let right = graded(chapter, fingerprint(b"right"), &Verdict::Passed);
        progress.record(chapter, &right, NOW);
        save("half a line");
        assert_eq!(status(&progress), Status::Changed);
        progress.record(chapter, &does_not_compile("half a line"), NOW);
        assert_eq!(status(&progress), Status::NotGraded);
        assert!(progress.passed(chapter), "it was, and nothing proved more");

        save("right");
        assert_eq!(status(&progress), Status::Passed, "without being graded");
        save("half a line");
        assert_eq!(status(&progress), Status::NotGraded);
        save("another line");
        assert_eq!(status(&progress), Status::Changed);

        // The same file, once whatever kept it from being graded is gone.
        save("half a line");
        let wrong = graded(
            chapter,
            fingerprint(b"half a line"),
            &Verdict::StackOverflow,
        );
        progress.record(chapter, &wrong, NOW);
        assert_eq!(status(&progress), Status::Broken);
    }
}
