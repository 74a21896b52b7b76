//! Notices when an exercise is saved.
//!
//! The system's events only say that something happened. What did is found by looking at every exercise:
//! editors write, truncate, rename and replace in all orders, and events can get lost. Where the system
//! sends none (some network drives, and the Windows drives of WSL), the files are looked at several times
//! a second.
//!
//! An exercise may be a link, or the folder of the exercises may be: events are listened for where links lead.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    iter, panic,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use tokio::{
    task::{self, JoinHandle},
    time::{self, Instant},
};

use crate::{
    course::{Chapter, Course},
    file_events::{FileEvents, folders_of},
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
    /// Where events are to be listened for from now on.
    folders: BTreeSet<PathBuf>,
}

/// What changes when an exercise is saved: when each of its files was last written, and how long it is.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Stamp(Vec<(PathBuf, Option<(SystemTime, u64)>)>);

impl Stamp {
    fn of(course: &Course, chapter: &Chapter) -> Self {
        // A folder that cannot be read has its root in any case.
        let files = chapter.files(course.root());
        let files = files.unwrap_or_else(|_| vec![chapter.stub()]);
        let written = |file: &Path| {
            let data = fs::metadata(course.root().join(file)).ok()?;
            Some((data.modified().ok()?, data.len()))
        };
        let stamps = files.into_iter().map(|file| {
            let written = written(&file);
            (file, written)
        });
        Self(stamps.collect())
    }
}

impl Exercises {
    /// Notices saves by events if the system has any, and otherwise, or if `poll` says so, by polling.
    pub(crate) fn new(course: &Course, poll: bool) -> Self {
        // Before the first look: a save after it is heard of.
        let events = (!poll).then(|| events_in(&folders(course)).ok()).flatten();
        let chapters = course.chapters().iter();
        let seen = chapters.map(|chapter| Stamp::of(course, chapter)).collect();
        Self {
            course: Arc::new(course.clone()),
            seen,
            events,
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
            let Scan {
                seen,
                saved,
                folders,
            } = found.unwrap_or_else(|error| panic::resume_unwind(error.into_panic()));
            self.seen = seen;
            self.listen_in(&folders);
            if !saved.is_empty() {
                return saved;
            }
        }
    }

    /// Follows links that lead elsewhere than before.
    fn listen_in(&mut self, folders: &BTreeSet<PathBuf>) {
        let listening = self.events.as_mut().map(|events| events.listen_in(folders));
        match listening {
            None | Some(Ok(false)) => {}
            // A save before this was not heard of.
            Some(Ok(true)) => self.due = Some(Instant::now()),
            Some(Err(_)) => self.poll_from_now_on(),
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
    Scan {
        seen,
        saved,
        folders: folders(course),
    }
}

/// Finds out whether the system tells of changes where the exercises are, by making one in each of the folders: a file
/// of its own that is removed at once.
///
/// # Errors
///
/// It does not, and why.
pub(crate) async fn events_come(course: &Course) -> Result<(), String> {
    let own = course.root().join("exercises").canonicalize().ok();
    for folder in folders(course) {
        let come = events_come_in(&folder).await;
        come.map_err(|why| match own.as_ref() == Some(&folder) {
            true => why,
            false => format!("in {}, which an exercise links to: {why}", folder.display()),
        })?;
    }
    Ok(())
}

async fn events_come_in(folder: &Path) -> Result<(), String> {
    let events =
        events_in(&BTreeSet::from([folder.to_owned()])).map_err(|error| error.to_string())?;
    let probe = folder.join(format!(".probe-{}", std::process::id()));
    let deadline = Instant::now() + PATIENCE;
    File::create(&probe).map_err(|error| format!("cannot write there: {error}"))?;
    let come = time::timeout_at(deadline, events.happened()).await;
    fs::remove_file(&probe).map_err(|error| format!("cannot remove a file there: {error}"))?;
    come.map_err(|_| {
        "the system doesn't report changes there, as on some network drives".to_owned()
    })
}

fn events_in(folders: &BTreeSet<PathBuf>) -> notify::Result<FileEvents> {
    let mut events = FileEvents::new()?;
    events.listen_in(folders)?;
    Ok(events)
}

/// The folders in which something changes when an exercise is saved, or when links begin to lead elsewhere.
fn folders(course: &Course) -> BTreeSet<PathBuf> {
    let exercises = course.root().join("exercises");
    let files = course.chapters().iter().flat_map(|chapter| {
        let files = chapter.files(course.root());
        files.unwrap_or_else(|_| vec![chapter.stub()])
    });
    let mut folders: BTreeSet<_> = files
        .flat_map(|file| folders_of(&course.root().join(file)))
        .collect();
    if exercises.is_symlink() {
        folders.extend(folders_of(&exercises));
    }
    folders
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    /// What does not come within this time never will.
    const PATIENCE: Duration = Duration::from_secs(30);

    /// A clone with one chapter, beside the folders `mine` and `other`.
    struct Desk {
        root: tempfile::TempDir,
    }

    impl Desk {
        fn new() -> Self {
            let desk = Self {
                root: tempfile::tempdir().expect("make a temporary folder"),
            };
            for folder in ["clone/exercises/hidden/03_gather", "mine", "other"] {
                fs::create_dir_all(desk.path(folder)).expect("make a folder in it");
            }
            let chapter = "exercises/hidden/03_gather/chapter.toml";
            let real = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join(chapter);
            fs::copy(real, desk.path("clone").join(chapter)).expect("copy a chapter");
            desk
        }

        fn path(&self, path: &str) -> PathBuf {
            self.root.path().join(path)
        }

        fn write(&self, file: &str, text: &str) {
            fs::write(self.path(file), text).expect("write a file of the test's own");
        }

        /// Links in one step, as `ln -sfn` does.
        fn link(&self, link: &str, target: &str) {
            let new = self.path("new-link");
            symlink(self.path(target), &new).expect("make a link");
            fs::rename(new, self.path(link)).expect("put it in its place");
        }

        fn exercises(&self) -> Exercises {
            let course = Course::open(&self.path("clone")).expect("open the test's own course");
            let exercises = Exercises::new(&course, false);
            assert!(exercises.events.is_some(), "it does not poll");
            exercises
        }
    }

    #[track_caller]
    fn assert_noticed(found: Result<Vec<Saved>, time::error::Elapsed>) {
        assert_eq!(found.expect("notice the save").len(), 1);
    }

    #[tokio::test]
    async fn a_save_is_noticed_where_a_link_leads() {
        let desk = Desk::new();
        desk.write("mine/gather.rs", "one");
        desk.write("other/gather.rs", "the other one");
        desk.link("clone/exercises/03_gather.rs", "mine/gather.rs");
        let mut exercises = desk.exercises();
        desk.write("mine/gather.rs", "two of them");
        assert_noticed(time::timeout(PATIENCE, exercises.saved()).await);
        desk.link("clone/exercises/03_gather.rs", "other/gather.rs");
        assert_noticed(time::timeout(PATIENCE, exercises.saved()).await);
        desk.write("other/gather.rs", "another");
        assert_noticed(time::timeout(PATIENCE, exercises.saved()).await);
        // An editor may put a new file in the place of the target.
        desk.write("other/gather.rs~", "what was renamed");
        fs::rename(desk.path("other/gather.rs~"), desk.path("other/gather.rs"))
            .expect("rename a file of the test's own");
        assert_noticed(time::timeout(PATIENCE, exercises.saved()).await);
    }

    #[tokio::test]
    async fn the_folder_of_the_exercises_may_be_a_link() {
        let desk = Desk::new();
        fs::rename(desk.path("clone/exercises"), desk.path("mine/exercises"))
            .expect("move a folder of the test's own");
        desk.link("clone/exercises", "mine/exercises");
        desk.write("mine/exercises/03_gather.rs", "one");
        let mut exercises = desk.exercises();
        desk.write("mine/exercises/03_gather.rs", "two of them");
        assert_noticed(time::timeout(PATIENCE, exercises.saved()).await);
        desk.write("other/03_gather.rs", "another");
        desk.link("clone/exercises", "other");
        assert_noticed(time::timeout(PATIENCE, exercises.saved()).await);
        desk.write("other/03_gather.rs", "what was saved there");
        assert_noticed(time::timeout(PATIENCE, exercises.saved()).await);
    }

    #[tokio::test]
    async fn every_file_of_a_folder_is_noticed_and_so_is_a_new_one() {
        let desk = Desk::new();
        for folder in ["original/03_gather", "03_gather/store"] {
            fs::create_dir_all(desk.path("clone/exercises").join(folder)).expect("make a folder");
        }
        desk.write("clone/exercises/03_gather/main.rs", "mod store;");
        desk.write("clone/exercises/03_gather/store/mod.rs", "one");
        let mut exercises = desk.exercises();
        desk.write("clone/exercises/03_gather/store/mod.rs", "two of them");
        assert_noticed(time::timeout(PATIENCE, exercises.saved()).await);
        desk.write("clone/exercises/03_gather/error.rs", "a new one");
        assert_noticed(time::timeout(PATIENCE, exercises.saved()).await);
        desk.write("clone/exercises/03_gather/error.rs", "the new one, again");
        assert_noticed(time::timeout(PATIENCE, exercises.saved()).await);
    }
}
