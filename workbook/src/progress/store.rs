//! Progress on disk, where neither a crash, nor a second workbook, nor a stray editor loses any of it.
//!
//! `.workbook/progress.json` is replaced in one step: the new text is written beside it, brought to the
//! disk, and renamed over it. The text before is kept as `progress.backup.json`. Whoever changes it
//! holds the lock file meanwhile, and begins with what is on disk, so that two workbooks add up.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::Progress;
use crate::course::Course;

/// The version of the format, to be raised when an older workbook could no longer read it.
const VERSION: u32 = 3;

/// Where progress is kept.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
}

/// Progress, and how it was come by.
#[derive(Clone, Debug)]
pub struct Opened {
    /// What is remembered.
    pub progress: Progress,
    /// What had to be done to read it, if anything.
    pub recovery: Option<Recovery>,
    /// Why nothing new can be written, if so.
    pub unwritable: Option<String>,
}

/// A damaged file was found, and set aside.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Recovery {
    /// What was wrong with it.
    pub cause: String,
    /// Where it is kept now.
    pub kept: PathBuf,
    /// Whether the backup could be read in its place.
    pub from_backup: bool,
}

impl std::fmt::Display for Recovery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            cause,
            kept,
            from_backup,
        } = self;
        let then = if *from_backup {
            "its backup, one step older, replaces it"
        } else {
            "there was no backup, so run `cargo run -- check` to grade your answers again"
        };
        // Seen from the workbook's own folder, where the learner is: a short name is not broken in two.
        let folder = kept.parent().and_then(Path::file_name).map(Path::new);
        let name = kept.file_name().map(Path::new);
        let kept = folder
            .zip(name)
            .map_or_else(|| kept.clone(), |(folder, name)| folder.join(name));
        write!(
            f,
            "the file of your progress was damaged ({cause}), and is now {}; {then}",
            kept.display()
        )
    }
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: u32,
    progress: Progress,
}

#[derive(Deserialize)]
struct VersionOnly {
    version: u32,
}

impl Store {
    /// The store of a course: the folder `.workbook` in its clone.
    #[must_use]
    pub fn of(course: &Course) -> Self {
        Self::in_folder(course.root().join(".workbook"))
    }

    /// The store in this folder, which is made when it is first needed.
    #[must_use]
    pub fn in_folder(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The file that holds the progress.
    #[must_use]
    pub fn file(&self) -> PathBuf {
        self.folder.join("progress.json")
    }

    fn backup(&self) -> PathBuf {
        self.folder.join("progress.backup.json")
    }

    /// Reads what is remembered; nothing, if there is no file yet.
    ///
    /// A damaged file is renamed, and the backup read in its place.
    ///
    /// # Errors
    ///
    /// The file is of a newer version, or the disk refuses.
    pub fn open(&self) -> Result<Opened, ProgressError> {
        if !self.folder.exists() {
            return Ok(Opened {
                progress: Progress::default(),
                recovery: None,
                unwritable: None,
            });
        }
        match self.lock() {
            Ok(_lock) => self.read(),
            Err(error) => self.read_only(&error),
        }
    }

    /// Reads what can be read where nothing can be written. No lock is needed to read, since files are
    /// only ever replaced as a whole.
    fn read_only(&self, error: &ProgressError) -> Result<Opened, ProgressError> {
        let mut progress = Progress::default();
        for file in [self.backup(), self.file()] {
            if let Content::Sound(found) = self.read_file(&file)? {
                progress = found;
            }
        }
        Ok(Opened {
            progress,
            recovery: None,
            unwritable: Some(error.to_string()),
        })
    }

    /// Reads what is remembered, changes it, and writes it back, while no other workbook can.
    ///
    /// When this returns, the change is on the disk. A process that is killed meanwhile leaves either the
    /// old text or the new one.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open); then nothing is written.
    pub fn update(&self, change: impl FnOnce(&mut Progress)) -> Result<Opened, ProgressError> {
        fs::create_dir_all(&self.folder).map_err(self.failed("make"))?;
        let _lock = self.lock()?;
        let mut opened = self.read()?;
        let before = opened.progress.clone();
        change(&mut opened.progress);
        if opened.progress != before || !self.file().exists() {
            self.write(&opened.progress)
                .map_err(self.failed("write to"))?;
        }
        Ok(opened)
    }

    /// Waits for whoever holds the lock, and holds it until what this returns is dropped.
    fn lock(&self) -> Result<File, ProgressError> {
        let file = File::options()
            .create(true)
            // Windows locks only what can be read or written; to append is not enough.
            .read(true)
            .append(true)
            .open(self.folder.join("lock"))
            .map_err(self.failed("write to"))?;
        file.lock().map_err(self.failed("lock"))?;
        Ok(file)
    }

    fn failed(&self, what: &'static str) -> impl Fn(io::Error) -> ProgressError {
        let folder = self.folder.clone();
        move |source| ProgressError::Disk {
            what,
            folder: folder.clone(),
            source,
        }
    }

    fn read(&self) -> Result<Opened, ProgressError> {
        let damaged = match self.read_file(&self.file())? {
            Content::Sound(progress) => {
                return Ok(Opened {
                    progress,
                    recovery: None,
                    unwritable: None,
                });
            }
            Content::Missing => None,
            Content::Damaged(cause) => Some((cause, self.set_aside()?)),
        };
        let (progress, from_backup) = match self.read_file(&self.backup())? {
            Content::Sound(progress) => (progress, true),
            Content::Missing | Content::Damaged(_) => (Progress::default(), false),
        };
        let recovery = damaged.map(|(cause, kept)| Recovery {
            cause,
            kept,
            from_backup,
        });
        Ok(Opened {
            progress,
            recovery,
            unwritable: None,
        })
    }

    fn read_file(&self, file: &Path) -> Result<Content, ProgressError> {
        let bytes = match fs::read(file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Content::Missing),
            bytes => bytes.map_err(self.failed("read"))?,
        };
        if bytes.is_empty() {
            return Ok(Content::Damaged("it is empty".into()));
        }
        // The version first: what else a newer file holds is not for this workbook to judge.
        match serde_json::from_slice::<VersionOnly>(&bytes) {
            Ok(VersionOnly { version }) if version > VERSION => Err(ProgressError::Newer {
                file: file.to_owned(),
                version,
            }),
            Ok(_) => match serde_json::from_slice::<Document>(&bytes) {
                Ok(document) => Ok(Content::Sound(document.progress)),
                Err(error) => Ok(Content::Damaged(error.to_string())),
            },
            Err(error) => Ok(Content::Damaged(error.to_string())),
        }
    }

    /// Gives a damaged file a name that no other has.
    fn set_aside(&self) -> Result<PathBuf, ProgressError> {
        let kept = (1..)
            .map(|number| self.folder.join(format!("progress.damaged-{number}.json")))
            .find(|kept| !kept.exists())
            .expect("find a number that no damaged file has");
        fs::rename(self.file(), &kept).map_err(self.failed("write to"))?;
        Ok(kept)
    }

    fn write(&self, progress: &Progress) -> io::Result<()> {
        let document = Document {
            version: VERSION,
            progress: progress.clone(),
        };
        let text = serde_json::to_string_pretty(&document)?;
        // A backup is only ever made of a sound file: `read` has set aside any other.
        match fs::read(self.file()) {
            Ok(before) => replace(&self.backup(), &before)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        replace(&self.file(), text.as_bytes())
    }
}

enum Content {
    Missing,
    Sound(Progress),
    Damaged(String),
}

/// Has `file` hold `content`: all of it, or what it held before.
///
/// Only who holds the lock may call this: the new content is written under a name that is always the
/// same, so that a process which is killed leaves one stray file at the most, and not one each time.
fn replace(file: &Path, content: &[u8]) -> io::Result<()> {
    let new = file.with_extension("new");
    let mut writer = File::create(&new)?;
    writer.write_all(content)?;
    // Renaming a file whose content has not reached the disk would leave an empty one after a power cut.
    writer.sync_all()?;
    drop(writer);
    fs::rename(&new, file)?;
    // The new name is part of the folder. Windows has no such thing as bringing a folder to the disk.
    #[cfg(unix)]
    if let Some(folder) = file.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Why progress could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ProgressError {
    /// A newer workbook wrote the file.
    #[error(
        "a newer workbook wrote {} (version {version}; this one reads up to {VERSION}), so it is left unchanged; \
         `git pull` gets the newer workbook", .file.display()
    )]
    Newer {
        /// The file.
        file: PathBuf,
        /// Its version.
        version: u32,
    },
    /// The disk refuses.
    #[error("cannot {what} {}: {source}; {}", .folder.display(), advice(.source))]
    Disk {
        /// What was attempted.
        what: &'static str,
        /// The folder of the store.
        folder: PathBuf,
        /// What the system says of it.
        source: io::Error,
    },
}

/// What to do about a disk that refuses.
pub(crate) fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "free some space on the disk",
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            "move the file that is in its place"
        }
        _ => "check its permissions",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().expect("the system has a temporary folder");
        let store = Store::in_folder(folder.path().join("store"));
        (folder, store)
    }

    fn choose(store: &Store, slug: &str) {
        store
            .update(|progress| progress.current = Some(slug.into()))
            .expect("the folder is ours");
    }

    fn chosen(store: &Store) -> Option<String> {
        let opened = store.open().expect("it can be read");
        assert_eq!(opened.recovery, None);
        opened.progress.current
    }

    #[test]
    fn what_is_written_is_read_again() {
        let (_folder, store) = store();
        assert_eq!(chosen(&store), None, "nothing is there yet");
        choose(&store, "one");
        choose(&store, "two");
        assert_eq!(chosen(&store).as_deref(), Some("two"));
    }

    #[test]
    fn a_damaged_file_is_kept_and_the_backup_takes_its_place() {
        for damage in [
            "",
            "{\"version\": 1, \"progress\"",
            "{\"version\": 1, \"progress\": {\"colour\": 3}}",
            "\0\0\0",
        ] {
            let (_folder, store) = store();
            choose(&store, "one");
            choose(&store, "two");
            fs::write(store.file(), damage).expect("it is ours");

            let opened = store.open().expect("the backup is there");
            assert_eq!(opened.progress.current.as_deref(), Some("one"));
            let recovery = opened.recovery.expect("it was damaged");
            assert!(recovery.from_backup);
            let kept = fs::read_to_string(&recovery.kept).expect("it is kept");
            assert_eq!(kept, damage);
            assert!(
                recovery.to_string().contains("progress.damaged-1.json"),
                "{recovery}"
            );

            choose(&store, "three");
            fs::write(store.file(), damage).expect("it is ours");
            let again = store.open().expect("the backup is there").recovery;
            assert!(
                again
                    .expect("it was damaged")
                    .kept
                    .ends_with("progress.damaged-2.json")
            );
        }
    }

    #[test]
    fn a_file_of_the_first_version_is_read() {
        let (_folder, store) = store();
        choose(&store, "one");
        let task = "{\"proved\": {\"state\": \"not_graded\", \"file\": 7, \"at\": 1}}";
        let first = format!(
            "{{\"version\": 1, \"progress\": {{\"chapters\": {{\"03_gather\": {{\"tasks\": {{\"dashboard\": {task}}}}}}}}}}}"
        );
        fs::write(store.file(), first).expect("write the test's own file");
        let opened = store.open().expect("read the test's own file");
        assert_eq!(opened.recovery, None);
        let proved = opened.progress.proved("03_gather", "dashboard");
        assert_eq!(proved.map(|proved| proved.file), Some(7));
    }

    #[test]
    fn a_newer_file_is_left_alone() {
        let (_folder, store) = store();
        choose(&store, "one");
        let newer = "{\"version\": 99, \"everything\": \"is different\"}";
        fs::write(store.file(), newer).expect("it is ours");
        assert!(matches!(
            store.open(),
            Err(ProgressError::Newer { version: 99, .. })
        ));
        let refused = store.update(|progress| progress.current = None);
        assert!(
            refused
                .expect_err("it is newer")
                .to_string()
                .contains("git pull")
        );
        assert_eq!(
            fs::read_to_string(store.file()).expect("it is there"),
            newer
        );
    }

    #[test]
    fn updates_of_several_threads_add_up() {
        let (_folder, store) = store();
        std::thread::scope(|scope| {
            for thread in 0..8 {
                let store = &store;
                scope.spawn(move || {
                    for step in 0..10 {
                        store
                            .update(|progress| {
                                progress
                                    .task_mut("03_gather", &format!("{thread}-{step}"))
                                    .hints = 1
                            })
                            .expect("the folder is ours");
                    }
                });
            }
        });
        let progress = store.open().expect("it can be read").progress;
        assert_eq!(progress.chapters["03_gather"].tasks.len(), 80);
    }

    #[test]
    fn what_cannot_be_written_is_read_all_the_same() {
        let (_folder, store) = store();
        choose(&store, "one");
        let lock = store.folder.join("lock");
        fs::remove_file(&lock).expect("it is ours");
        fs::create_dir(&lock).expect("it is ours");
        let opened = store.open().expect("the file can be read");
        assert_eq!(opened.progress.current.as_deref(), Some("one"));
        let why = opened.unwritable.expect("a folder is no lock");
        assert!(why.contains("permissions"), "{why}");
    }

    #[test]
    fn a_folder_that_cannot_be_written_says_so() {
        let (folder, _) = store();
        let file = folder.path().join("file");
        fs::write(&file, "").expect("it is ours");
        let store = Store::in_folder(file.join("store"));
        let error = store.update(|_| ()).expect_err("a file is not a folder");
        let advice = if cfg!(unix) {
            "move the file that is in its place"
        } else {
            "check its permissions"
        };
        assert!(error.to_string().contains(advice), "{error}");
    }
}
