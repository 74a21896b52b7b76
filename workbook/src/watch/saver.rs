//! Writes progress on a thread of its own, since a disk may take longer than a key may wait.

use tokio::{sync::mpsc, task::JoinHandle};

use crate::progress::{Progress, Store};

/// A change of what is remembered.
pub(super) type Change = Box<dyn FnOnce(&mut Progress) + Send>;

/// Writes changes in the order in which it gets them.
#[derive(Debug)]
pub(super) struct Saver {
    changes: Option<mpsc::Sender<Change>>,
    told: mpsc::Receiver<String>,
    writer: JoinHandle<()>,
}

impl Saver {
    /// Writes to `store`, or to nowhere.
    pub(super) fn new(store: Option<Store>) -> Self {
        // A learner makes a change with a key or a save: never so many before one is written.
        let (changes, mut queue) = mpsc::channel::<Change>(256);
        let (tell, told) = mpsc::channel(1);
        let writer = tokio::task::spawn_blocking(move || {
            let mut told_before = None;
            while let Some(change) = queue.blocking_recv() {
                let Some(store) = &store else {
                    continue;
                };
                let said = match store.update(change) {
                    Ok(opened) => opened.recovery.map(|recovery| recovery.to_string()),
                    Err(error) => Some(format!("your progress is not saved: {error}")),
                };
                // A disk that refuses one change refuses the next: that is said once.
                if let Some(said) = said
                    && told_before.as_ref() != Some(&said)
                    && tell.try_send(said.clone()).is_ok()
                {
                    told_before = Some(said);
                }
            }
        });
        Self {
            changes: Some(changes),
            told,
            writer,
        }
    }

    /// Has a change written; `false` if the disk is so far behind that it cannot be.
    pub(super) fn save(&self, change: Change) -> bool {
        self.changes
            .as_ref()
            .is_some_and(|changes| changes.try_send(change).is_ok())
    }

    /// Waits for what there is to say of the writing: that it failed, or what had to be mended for it.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost if this is dropped.
    pub(super) async fn told(&mut self) -> String {
        match self.told.recv().await {
            Some(said) => said,
            None => std::future::pending().await,
        }
    }

    /// Waits until all is written, and returns what there is to say of it, if anything was not said before.
    pub(super) async fn finish(mut self) -> Option<String> {
        self.changes = None;
        if let Err(error) = self.writer.await {
            std::panic::resume_unwind(error.into_panic());
        }
        self.told.try_recv().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_disk_that_refuses_is_told_of_once() {
        let folder = tempfile::tempdir().expect("make a temporary folder");
        let in_the_way = folder.path().join("file");
        std::fs::write(&in_the_way, "").expect("write to a temporary folder");
        let mut saver = Saver::new(Some(Store::in_folder(in_the_way.join("store"))));
        assert!(saver.save(Box::new(|progress| progress.current = Some("one".into()))));
        let said = saver.told().await;
        assert!(said.starts_with("your progress is not saved"), "{said}");
        assert!(saver.save(Box::new(|progress| progress.current = Some("two".into()))));
        assert_eq!(saver.finish().await, None, "it was said");
    }
}
