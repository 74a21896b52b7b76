//! The system's events in folders: that something in them changed, and not what.
//!
//! A file may be a link to a file elsewhere. Its folder then tells of a new link, and the folder of its target of a
//! save: [`folders_of`] names both.

use std::{
    collections::BTreeSet,
    fs, iter,
    path::{Path, PathBuf},
    sync::Arc,
};

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::Notify;

/// Tells of changes in folders, for as long as it lives.
#[derive(Debug)]
pub struct FileEvents {
    happened: Arc<Notify>,
    watcher: RecommendedWatcher,
    /// Those of [`listen_in`](Self::listen_in).
    folders: BTreeSet<PathBuf>,
}

impl FileEvents {
    /// Of no folder yet.
    ///
    /// # Errors
    ///
    /// The system has no events to be told of.
    pub fn new() -> notify::Result<Self> {
        let happened = Arc::new(Notify::new());
        let notify = Arc::clone(&happened);
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            // An error may have swallowed an event; looking once more does no harm.
            let is_access = event.is_ok_and(|event| matches!(event.kind, EventKind::Access(_)));
            if !is_access {
                notify.notify_one();
            }
        })?;
        Ok(Self {
            happened,
            watcher,
            folders: BTreeSet::new(),
        })
    }

    /// Adds a folder, with or without the folders in it.
    ///
    /// # Errors
    ///
    /// The system cannot watch it.
    pub fn add(&mut self, folder: &Path, mode: RecursiveMode) -> notify::Result<()> {
        self.watcher.watch(folder, mode)
    }

    /// Listens in these folders, without the folders in them, and in no other that an earlier call named. Returns
    /// whether any of them is new: what changed there before this call was not heard.
    ///
    /// # Errors
    ///
    /// The system cannot watch one of them.
    pub fn listen_in(&mut self, folders: &BTreeSet<PathBuf>) -> notify::Result<bool> {
        for left in &self.folders - folders {
            // The system forgets a folder that is gone, and calls it an error to forget it once more.
            drop(self.watcher.unwatch(&left));
            self.folders.remove(&left);
        }
        let new = folders - &self.folders;
        let is_any_new = !new.is_empty();
        for folder in new {
            self.watcher.watch(&folder, RecursiveMode::NonRecursive)?;
            self.folders.insert(folder);
        }
        Ok(is_any_new)
    }

    /// Waits until something has changed since the last time.
    ///
    /// # Cancel safety
    ///
    /// Nothing that happened is forgotten if this is dropped.
    pub async fn happened(&self) {
        self.happened.notified().await;
    }
}

/// The folders in which something changes when what is in `file` does: its own, and if it is a link, those of all links
/// on the way and of the target. In place of one that is missing, the folder in which it may appear.
#[must_use]
pub fn folders_of(file: &Path) -> BTreeSet<PathBuf> {
    // Links in a circle have no end; Linux follows this many.
    const LINKS: usize = 40;
    let next = |link: &PathBuf| {
        let target = fs::read_link(link).ok()?;
        Some(link.parent()?.join(target))
    };
    let hops = iter::successors(Some(file.to_owned()), next).take(1 + LINKS);
    hops.filter_map(|hop| {
        let mut folders = hop.ancestors().skip(1);
        folders.find_map(|folder| folder.canonicalize().ok().filter(|folder| folder.is_dir()))
    })
    .collect()
}

#[cfg(all(test, unix))]
mod tests {
    use std::{os::unix::fs::symlink, time::Duration};

    use tokio::time;

    use super::*;

    /// What does not come within this time never will.
    const PATIENCE: Duration = Duration::from_secs(30);

    fn folder_with(folders: &[&str]) -> (tempfile::TempDir, PathBuf) {
        let root = tempfile::tempdir().expect("make a temporary folder");
        let path = root.path().canonicalize().expect("resolve it");
        for folder in folders {
            fs::create_dir_all(path.join(folder)).expect("make a folder in it");
        }
        (root, path)
    }

    fn names(root: &Path, folders: &BTreeSet<PathBuf>) -> Vec<String> {
        let name = |folder: &PathBuf| {
            let folder = folder
                .strip_prefix(root)
                .expect("it is a folder of the test's");
            folder.display().to_string()
        };
        folders.iter().map(name).collect()
    }

    #[test]
    fn every_link_on_the_way_is_listened_to() {
        let (_root, root) = folder_with(&["exercises", "links", "notes/deep"]);
        let file = root.join("exercises/03.rs");
        assert_eq!(names(&root, &folders_of(&file)), ["exercises"]);
        symlink("../links/03.rs", &file).expect("make a link");
        symlink(root.join("notes/deep/03.rs"), root.join("links/03.rs")).expect("make a link");
        assert_eq!(
            names(&root, &folders_of(&file)),
            ["exercises", "links", "notes/deep"]
        );
        fs::remove_dir(root.join("notes/deep")).expect("remove a folder of the test's own");
        assert_eq!(
            names(&root, &folders_of(&file)),
            ["exercises", "links", "notes"],
            "where the folder of the target may come back"
        );
        symlink("circle", root.join("links/circle")).expect("make a link");
        assert_eq!(
            names(&root, &folders_of(&root.join("links/circle"))),
            ["links"]
        );
    }

    #[tokio::test]
    async fn a_folder_is_heard_until_another_takes_its_place() {
        let (_root, root) = folder_with(&["one", "two"]);
        let only = |folder: &str| BTreeSet::from([root.join(folder)]);
        let mut events = FileEvents::new().expect("listen to the system");
        assert!(events.listen_in(&only("one")).expect("listen in a folder"));
        assert!(!events.listen_in(&only("one")).expect("listen in a folder"));
        fs::write(root.join("one/file"), "").expect("write a file");
        let heard = time::timeout(PATIENCE, events.happened()).await;
        heard.expect("hear of the file");

        assert!(events.listen_in(&only("two")).expect("listen in a folder"));
        fs::write(root.join("two/file"), "").expect("write a file");
        let heard = time::timeout(PATIENCE, events.happened()).await;
        heard.expect("hear of the file");
    }
}
