//! Also right: `for_each_concurrent`, which asks a stream for the next item when it has room; a counter in a watch
//! channel.

use std::{cell::Cell, iter::zip, num::NonZeroUsize};

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::{StreamExt as _, stream};
use tokio::sync::watch;

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let mut slots: Vec<Option<Page>> = vec![None; paths.len()];
    stream::iter(zip(&mut slots, paths))
        .for_each_concurrent(limit.get(), |(slot, path)| async move {
            *slot = Some(upstream.fetch(path).await);
        })
        .await;
    slots.into_iter().flatten().collect()
}

/// Each future of the stream is small: it awaits a task, which does the work.
pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let completed = Cell::new(0);
    stream::iter(jobs)
        .for_each_concurrent(limit.get(), |job| {
            let task = tokio::spawn(job);
            async {
                if task.await.is_ok() {
                    completed.set(completed.get() + 1);
                }
            }
        })
        .await;
    completed.get()
}

#[derive(Clone)]
pub struct Limited {
    upstream: Upstream,
    free: watch::Sender<usize>,
}

struct Place(watch::Sender<usize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.send_modify(|free| *free += 1);
    }
}

impl Limited {
    pub fn new(upstream: Upstream, limit: NonZeroUsize) -> Self {
        Self {
            upstream,
            free: watch::Sender::new(limit.get()),
        }
    }

    /// Whoever sees a free place tries to take it; another may have been faster, and it waits again. Nothing
    /// is awaited between taking the place and making the guard.
    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let mut free = self.free.subscribe();
        let take = |free: &mut usize| {
            let taken = *free > 0;
            *free -= usize::from(taken);
            taken
        };
        while !self.free.send_if_modified(take) {
            let seen = free.wait_for(|&free| free > 0).await.map(|_| ());
            seen.expect("this client keeps the sender");
        }
        let _place = Place(self.free.clone());
        self.upstream.get(path).await
    }
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_semaphores::grade!();
