//! The system's events in folders: that something in them changed, and not what.

use std::{path::Path, sync::Arc};

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::Notify;

/// Tells of changes in folders, for as long as it lives.
#[derive(Debug)]
pub struct FileEvents {
    happened: Arc<Notify>,
    watcher: RecommendedWatcher,
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
        Ok(Self { happened, watcher })
    }

    /// Adds a folder, with or without the folders in it.
    ///
    /// # Errors
    ///
    /// The system cannot watch it.
    pub fn add(&mut self, folder: &Path, mode: RecursiveMode) -> notify::Result<()> {
        self.watcher.watch(folder, mode)
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
