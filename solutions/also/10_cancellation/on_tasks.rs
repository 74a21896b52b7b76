//! Also right: a task that reads ahead a little, many places reserved at once, and a tracker of the releases.

use std::{io, sync::Arc, time::Duration};

use async_workbook::services::leases::{Lease, Leases};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, BufReader},
    sync::mpsc::{self, Receiver, Sender},
    time::timeout,
};
use tokio_util::{
    sync::CancellationToken,
    task::{AbortOnDropHandle, TaskTracker},
};

/// A connection, or whatever else gives bytes.
pub type Input = Box<dyn AsyncRead + Send + Unpin>;

/// Nobody drops the task while it reads, and a message is never lost in `recv`.
pub struct LineReader {
    lines: Receiver<io::Result<String>>,
    _reading: AbortOnDropHandle<()>,
}

impl LineReader {
    pub fn new(input: Input) -> Self {
        let (sender, lines) = mpsc::channel(1);
        let reading = tokio::spawn(async move {
            let mut input = BufReader::new(input).lines();
            while let Some(line) = input.next_line().await.transpose() {
                let is_error = line.is_err();
                if sender.send(line).await.is_err() || is_error {
                    return;
                }
            }
        });
        Self {
            lines,
            _reading: AbortOnDropHandle::new(reading),
        }
    }

    pub async fn next(&mut self) -> io::Result<Option<String>> {
        self.lines.recv().await.transpose()
    }
}

/// What has come in the meantime is moved without a further wait.
pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let mut moved = 0;
    loop {
        let place = tokio::select! {
            biased;
            () = stop.cancelled() => return moved,
            () = to.closed() => return moved,
            Ok(place) = to.reserve() => place,
            else => return moved,
        };
        let message = tokio::select! {
            biased;
            () = stop.cancelled() => None,
            () = to.closed() => None,
            message = from.recv() => message,
        };
        let Some(message) = message else { return moved };
        place.send(message);
        moved += 1;
        while let Ok(place) = to.try_reserve() {
            let Ok(message) = from.try_recv() else { break };
            place.send(message);
            moved += 1;
        }
    }
}

/// The guard says when the work is over, however that comes about, and the tracker when the releases are.
pub async fn with_lease<F>(leases: &Leases, limit: Duration, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let releases = TaskTracker::new();
    let guard = Guard {
        lease: Arc::new(leases.acquire().await),
        limit,
        releases: releases.clone(),
    };
    let output = work.await;
    drop(guard);
    releases.close();
    releases.wait().await;
    output
}

struct Guard {
    lease: Arc<Lease>,
    limit: Duration,
    releases: TaskTracker,
}

impl Drop for Guard {
    fn drop(&mut self) {
        let (lease, limit) = (self.lease.clone(), self.limit);
        self.releases
            .spawn(async move { timeout(limit, lease.release()).await });
    }
}

// Hands these to the hidden tests. Leave this line as it is.
hidden_cancellation::grade!();
