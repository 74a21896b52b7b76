//! The course of the current folder, and what is remembered of the learner.

use crate::{
    course::{Chapter, Course, CourseError},
    progress::{ExerciseFile, Progress, ProgressError, Status, Store},
};

/// The course, and what is remembered of the learner.
#[derive(Debug)]
pub struct Context {
    /// The course.
    pub course: Course,
    /// What is remembered.
    pub progress: Progress,
    store: Option<Store>,
    notice: Option<String>,
}

impl Context {
    /// Opens the course of the current folder, and what is remembered of it. What was found wrong with the
    /// latter is no error: the course goes on, and [`notice`](Self::notice) tells.
    ///
    /// # Errors
    ///
    /// This is no clone of the workbook, or one of the course's files is broken.
    pub fn open() -> Result<Self, CourseError> {
        let course = Course::here()?;
        let store = Store::of(&course);
        Ok(match store.open() {
            Ok(opened) => Self {
                course,
                progress: opened.progress,
                store: opened.unwritable.is_none().then_some(store),
                notice: match (opened.recovery, opened.unwritable) {
                    (Some(recovery), _) => Some(recovery.to_string()),
                    (None, Some(why)) => {
                        Some(format!("{why}; until then, your progress is not saved"))
                    }
                    (None, None) => None,
                },
            },
            Err(error) => Self {
                course,
                progress: Progress::default(),
                store: None,
                notice: Some(format!("{error}; until then, your progress is not saved")),
            },
        })
    }

    /// What the learner should know of the state of the progress, if anything.
    #[must_use]
    pub fn notice(&self) -> Option<&str> {
        self.notice.as_deref()
    }

    /// As [`open`](Self::open), with the notice on standard error.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn open_and_tell() -> Result<Self, CourseError> {
        let context = Self::open()?;
        if let Some(notice) = context.notice() {
            anstream::eprintln!("note: {notice}");
        }
        Ok(context)
    }

    /// The chapter that a filter names, or the current one.
    ///
    /// # Errors
    ///
    /// The filter names no chapter, or several.
    pub fn chapter(&self, filter: Option<&str>) -> Result<Chapter, CourseError> {
        match filter {
            Some(filter) => self.course.chapter(filter).cloned(),
            None => Ok(self
                .progress
                .current(&self.course)
                .ok_or(CourseError::Empty)?
                .clone()),
        }
    }

    /// Where the tasks of a chapter stand. Its file is read for it.
    #[must_use]
    pub fn statuses(&self, chapter: &Chapter) -> Vec<Status> {
        let file = ExerciseFile::read(self.course.root(), chapter);
        self.progress.statuses(chapter, &file)
    }

    /// Changes what is remembered, here and on disk. A disk that refuses is no reason to stop: standard
    /// error is told once that nothing is kept from here on, and why.
    pub fn remember(&mut self, change: impl Fn(&mut Progress)) {
        if let Err(error) = self.update(&change) {
            change(&mut self.progress);
            self.store = None;
            anstream::eprintln!("note: your progress is not saved: {error}");
        }
    }

    /// Changes what is remembered, here and on disk.
    ///
    /// # Errors
    ///
    /// It could not be written; then it is not changed here either.
    pub fn update(&mut self, change: impl FnOnce(&mut Progress)) -> Result<(), ProgressError> {
        match &self.store {
            None => change(&mut self.progress),
            Some(store) => {
                let opened = store.update(change)?;
                if let Some(recovery) = opened.recovery {
                    anstream::eprintln!("note: {recovery}");
                }
                self.progress = opened.progress;
            }
        }
        Ok(())
    }

    /// Where progress is kept; `None` if nothing may be written there.
    #[must_use]
    pub fn store(&self) -> Option<&Store> {
        self.store.as_ref()
    }
}
