//! Notices when an exercise is saved.
//!
//! The system's events only say that something happened. What did is found by looking at every exercise:
//! editors write, truncate, rename and replace in all orders, and events can get lost. Where the system
//! sends none (some network drives, and the Windows drives of WSL), the files are looked at several times
//! a second.

use std::{
    fs::{self, File},
    iter, panic,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use notify::RecursiveMode;
use tokio::{
    task::{self, JoinHandle},
    time::{self, Instant},
};

use crate::{
    course::{Chapter, Course},
    file_events::FileEvents,
    progress::ExerciseFile,
};

/// How often files are looked at where the system sends no events.
const POLL: Duration = Duration::from_millis(250);

/// How long an editor may take from the first to the last of its steps, if all of them are to count as one.
const SETTLE: Duration = Duration::from_millis(8);

/// How long an event may take before it is taken for one that never comes.
const PATIENCE: Duration = Duration::from_secs(1);

/// The exercises of a course, and what was last seen of each.
#[derive(Debug)]
pub(crate) struct Exercises {
    course: Arc<Course>,
    seen: Vec<Stamp>,
    events: Option<FileEvents>,
    /// When to look next; `None` while there is no reason to.
    due: Option<Instant>,
    /// A scan that is under way, on a thread where a slow disk keeps nobody waiting.
    scan: Option<JoinHandle<Scan>>,
}

/// An exercise that was saved.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Saved {
    /// The position of its chapter.
    pub(crate) chapter: usize,
    /// The file as it is now.
    pub(crate) file: ExerciseFile,
}

/// What was found by looking at every exercise.
#[derive(Debug)]
struct Scan {
    seen: Vec<Stamp>,
    saved: Vec<Saved>,
}

/// What changes when a file is saved.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Stamp(Option<(SystemTime, u64)>);

impl Stamp {
    fn of(course: &Course, chapter: &Chapter) -> Self {
        let data = fs::metadata(course.root().join(chapter.stub())).ok();
        Self(data.and_then(|data| Some((data.modified().ok()?, data.len()))))
    }
}

impl Exercises {
    /// Notices saves by events if the system has any, and otherwise, or if `poll` says so, by polling.
    pub(crate) fn new(course: &Course, poll: bool) -> Self {
        let chapters = course.chapters().iter();
        let seen = chapters.map(|chapter| Stamp::of(course, chapter)).collect();
        let folder = folder(course);
        Self {
            course: Arc::new(course.clone()),
            seen,
            events: (!poll).then(|| events_in(&folder).ok()).flatten(),
            due: None,
            scan: None,
        }
    }

    /// Goes on by polling.
    pub(crate) fn poll_from_now_on(&mut self) {
        self.events = None;
        self.due = None;
    }

    /// Waits until exercises are saved.
    ///
    /// # Cancel safety
    ///
    /// Nothing that was saved is forgotten if this is dropped.
    pub(crate) async fn saved(&mut self) -> Vec<Saved> {
        loop {
            if self.scan.is_none() {
                self.reason_to_scan().await;
                let (course, seen) = (Arc::clone(&self.course), self.seen.clone());
                self.scan = Some(task::spawn_blocking(move || scan(&course, seen)));
            }
            // Kept outside of this future, so that what is found is not lost with it.
            let Some(scan) = &mut self.scan else {
                continue;
            };
            let found = scan.await;
            self.scan = None;
            let Scan { seen, saved } =
                found.unwrap_or_else(|error| panic::resume_unwind(error.into_panic()));
            self.seen = seen;
            if !saved.is_empty() {
                return saved;
            }
        }
    }

    async fn reason_to_scan(&mut self) {
        let due = match (self.due, &self.events) {
            (Some(due), _) => due,
            (None, Some(events)) => {
                events.happened().await;
                Instant::now() + SETTLE
            }
            (None, None) => Instant::now() + POLL,
        };
        // Kept outside of this future, so that neither an event nor the time waited is lost with it.
        self.due = Some(due);
        time::sleep_until(due).await;
        self.due = None;
    }
}

fn scan(course: &Course, mut seen: Vec<Stamp>) -> Scan {
    let mut saved = Vec::new();
    for (position, (chapter, seen)) in iter::zip(course.chapters(), &mut seen).enumerate() {
        let stamp = Stamp::of(course, chapter);
        if stamp != *seen {
            *seen = stamp;
            saved.push(Saved {
                chapter: position,
                file: ExerciseFile::read(course.root(), chapter),
            });
        }
    }
    Scan { seen, saved }
}

/// Finds out whether the system tells of changes in the folder of the exercises, by making one: a file of
/// its own that is removed at once.
///
/// # Errors
///
/// It does not, and why.
pub(crate) async fn events_come(course: &Course) -> Result<(), String> {
    let folder = folder(course);
    let events = events_in(&folder).map_err(|error| error.to_string())?;
    let probe = folder.join(format!(".probe-{}", std::process::id()));
    let deadline = Instant::now() + PATIENCE;
    File::create(&probe).map_err(|error| format!("cannot write there: {error}"))?;
    let come = time::timeout_at(deadline, events.happened()).await;
    fs::remove_file(&probe).map_err(|error| format!("cannot remove a file there: {error}"))?;
    come.map_err(|_| "the system sends no events there, as on some network drives".to_owned())
}

fn events_in(folder: &Path) -> notify::Result<FileEvents> {
    let mut events = FileEvents::new()?;
    events.add(folder, RecursiveMode::NonRecursive)?;
    Ok(events)
}

fn folder(course: &Course) -> PathBuf {
    course.root().join("exercises")
}
