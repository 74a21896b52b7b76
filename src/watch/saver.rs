//! Writes progress on a thread of its own, since a disk may take longer than a key may wait.

use tokio::{sync::mpsc, task::JoinHandle};

use crate::progress::{Progress, ProgressError, Store};

/// A change of what is remembered.
pub(super) type Change = Box<dyn FnOnce(&mut Progress) + Send>;

/// Writes changes in the order in which it gets them.
#[derive(Debug)]
pub(super) struct Saver {
    changes: Option<mpsc::Sender<Change>>,
    refused: mpsc::Receiver<ProgressError>,
    writer: JoinHandle<()>,
}

impl Saver {
    /// Writes to `store`, or to nowhere.
    pub(super) fn new(store: Option<Store>) -> Self {
        // A learner makes a change with a key or a save: never so many before one is written.
        let (changes, mut queue) = mpsc::channel::<Change>(256);
        let (refuse, refused) = mpsc::channel(1);
        let writer = tokio::task::spawn_blocking(move || {
            while let Some(change) = queue.blocking_recv() {
                if let Some(store) = &store
                    && let Err(error) = store.update(change)
                {
                    // One word of it is enough, until somebody has read it.
                    drop(refuse.try_send(error));
                }
            }
        });
        Self {
            changes: Some(changes),
            refused,
            writer,
        }
    }

    /// Has a change written; `false` if the disk is so far behind that it cannot be.
    pub(super) fn save(&self, change: Change) -> bool {
        self.changes
            .as_ref()
            .is_some_and(|changes| changes.try_send(change).is_ok())
    }

    /// Waits for a change that could not be written.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost if this is dropped.
    pub(super) async fn refused(&mut self) -> ProgressError {
        match self.refused.recv().await {
            Some(error) => error,
            None => std::future::pending().await,
        }
    }

    /// Waits until all is written.
    pub(super) async fn finish(mut self) {
        self.changes = None;
        if let Err(error) = self.writer.await {
            std::panic::resume_unwind(error.into_panic());
        }
    }
}
