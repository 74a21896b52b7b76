//! What the workbook knows while it is on the terminal. No file is read for it but by events.

use std::{collections::HashMap, panic, time::Duration};

use tokio::{sync::watch, time::Instant};
use tokio_util::task::AbortOnDropHandle;

use super::{
    book::Opening,
    quiz::Quiz,
    reading::{Indexing, Reading},
};
use crate::{
    context::Context,
    course::{Chapter, Task},
    grade::{GradeError, Graded, Grader, Recompiler, Stage},
    progress::{ExerciseFile, Progress, Status, open_task},
    report::{Unfolded, model::ChapterReport},
    saves::Saved,
    search::Index,
    settings::Settings,
};

/// What is known.
pub(super) struct Model {
    pub(super) context: Context,
    pub(super) grader: Grader,
    /// The position of the chapter that is worked on.
    pub(super) current: usize,
    /// What was found of each chapter since the start.
    pub(super) reports: HashMap<usize, ChapterReport>,
    /// Why the current chapter could not be graded, if so.
    pub(super) failure: Option<String>,
    /// What is searched: the chapters' own files, and their pages once the list was shown.
    pub(super) index: Index,
    pub(super) is_indexed: bool,
    /// Which tasks of the current chapter are shown with all that is said of them.
    pub(super) unfolded: Unfolded,
    /// The task whose hints are shown, as long as it is the one at hand.
    pub(super) hints_for: Option<String>,
    /// A quiz that was left before its end.
    pub(super) quiz_aside: Option<Box<Quiz>>,
    /// What is said besides, until something else happens.
    pub(super) notice: Option<String>,
    pub(super) under_way: UnderWay,
    /// The learner's files, by the positions of their chapters.
    files: Vec<ExerciseFile>,
    /// What progress and files come to, by the positions of the chapters.
    statuses: Vec<Vec<Status>>,
}

/// What runs beside the keys. Dropping it ends it.
#[derive(Default)]
pub(super) struct UnderWay {
    pub(super) grading: Option<Grading>,
    /// A page of the book that is on its way to the browser.
    pub(super) opening: Option<Opening>,
    /// What is read for the last key that asked for it.
    pub(super) reading: Option<Reading>,
    /// The pages are being read, to be searched.
    pub(super) indexing: Option<Indexing>,
}

/// A chapter that is being graded. Dropping this stops cargo and the answer.
#[derive(Debug)]
pub(super) struct Grading {
    pub(super) chapter: usize,
    pub(super) since: Instant,
    /// How far it is.
    pub(super) stage: watch::Receiver<Stage>,
    pub(super) task: AbortOnDropHandle<Result<Graded, GradeError>>,
}

impl Model {
    /// Reads the learner's files.
    pub(super) fn new(context: Context, settings: &Settings) -> Self {
        let mut grader = settings.grader(&context.course);
        // One file is saved again and again.
        grader.recompiler = Some(Recompiler::default());
        let chapters = context.course.chapters().iter();
        let files = chapters.map(|chapter| ExerciseFile::read(context.course.root(), chapter));
        let mut model = Self {
            grader,
            current: 0,
            reports: HashMap::new(),
            failure: None,
            index: Index::of_chapters(&context.course),
            is_indexed: false,
            unfolded: Unfolded::FirstFault,
            hints_for: None,
            quiz_aside: None,
            notice: context.notice().map(str::to_owned),
            under_way: UnderWay::default(),
            files: files.collect(),
            statuses: Vec::new(),
            context,
        };
        model.current = model.position(model.context.progress.current(&model.context.course));
        model.compare();
        model
    }

    /// The chapter that is worked on.
    pub(super) fn chapter(&self) -> &Chapter {
        &self.context.course.chapters()[self.current]
    }

    /// Where the tasks of the chapter stand that is worked on.
    pub(super) fn statuses(&self) -> &[Status] {
        &self.statuses[self.current]
    }

    /// Where the tasks of all chapters stand.
    pub(super) fn all_statuses(&self) -> &[Vec<Status>] {
        &self.statuses
    }

    /// The task that hints are for: the one that is unfolded, or else the next to be solved.
    pub(super) fn task_at_hand(&self) -> &Task {
        let (chapter, statuses) = (self.chapter(), self.statuses());
        match self.unfolded {
            Unfolded::Task(at) if statuses.get(at).is_some_and(|at| *at != Status::Passed) => {
                &chapter.tasks[at]
            }
            _ => open_task(chapter, statuses),
        }
    }

    /// What was found of the current chapter since the start.
    pub(super) fn report(&self) -> Option<&ChapterReport> {
        self.reports.get(&self.current)
    }

    /// Where a chapter stands in the course; at its beginning if there is none.
    pub(super) fn position(&self, chapter: Option<&Chapter>) -> usize {
        let slug = chapter.map(|chapter| &chapter.slug);
        let mut chapters = self.context.course.chapters().iter();
        chapters
            .position(|chapter| Some(&chapter.slug) == slug)
            .unwrap_or(0)
    }

    /// Changes what is remembered.
    pub(super) fn change(&mut self, change: impl FnOnce(&mut Progress)) {
        change(&mut self.context.progress);
        self.compare();
    }

    /// Takes note of what is in files that were saved.
    pub(super) fn take_files(&mut self, saved: &[Saved]) {
        for saved in saved {
            self.files[saved.chapter] = saved.file;
        }
        self.compare();
    }

    fn compare(&mut self) {
        let chapters = self.context.course.chapters();
        self.statuses = std::iter::zip(chapters, &self.files)
            .map(|(chapter, file)| self.context.progress.statuses(chapter, file))
            .collect();
    }
}

impl UnderWay {
    /// Whether the time of anything is shown.
    pub(super) fn is_busy(&self) -> bool {
        self.grading.is_some() || self.opening.is_some()
    }
}

impl Grading {
    /// Waits until the chapter is graded.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost if this is dropped.
    pub(super) async fn graded(&mut self) -> (usize, Result<Graded, GradeError>) {
        match (&mut self.task).await {
            Ok(graded) => (self.chapter, graded),
            // It is aborted by dropping it only, and what is dropped is not awaited.
            Err(error) => panic::resume_unwind(error.into_panic()),
        }
    }

    /// How long it has taken so far.
    pub(super) fn elapsed(&self) -> Duration {
        self.since.elapsed()
    }
}
