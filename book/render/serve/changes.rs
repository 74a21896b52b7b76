//! Notices when something changes that the book is made of.

use std::{path::Path, sync::Arc, time::Duration};

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::{sync::Notify, time};

/// The folders, from the root of the workbook, in which pages and what they show stand.
const FOLDERS: [&str; 6] = [
    "book",
    "benches",
    "examples",
    "exercises",
    "quiz",
    "tests/snapshots",
];

/// How long an editor may take from the first to the last of its steps, if all of them are to count as one.
const SETTLE: Duration = Duration::from_millis(50);

pub(super) struct Changes {
    happened: Arc<Notify>,
    _watcher: RecommendedWatcher,
}

impl Changes {
    pub(super) fn watch(root: &Path) -> notify::Result<Self> {
        let happened = Arc::new(Notify::new());
        let notify = Arc::clone(&happened);
        let mut watcher =
            notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
                // An error may have swallowed an event; rendering once more does no harm.
                let is_access = event.is_ok_and(|event| matches!(event.kind, EventKind::Access(_)));
                if !is_access {
                    notify.notify_one();
                }
            })?;
        for folder in FOLDERS.map(|folder| root.join(folder)) {
            if folder.is_dir() {
                watcher.watch(&folder, RecursiveMode::Recursive)?;
            }
        }
        Ok(Self {
            happened,
            _watcher: watcher,
        })
    }

    /// Waits for a change, and then for an end of the changes.
    ///
    /// # Cancel safety
    ///
    /// A change may be forgotten if this is dropped.
    pub(super) async fn next(&mut self) {
        self.happened.notified().await;
        while time::timeout(SETTLE, self.happened.notified())
            .await
            .is_ok()
        {}
    }
}
