//! Chapter 10, cancellation: the reference solution.

use std::{io, mem, time::Duration};

use async_workbook::services::leases::{Lease, Leases};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, BufReader},
    runtime::Handle,
    sync::mpsc::{Receiver, Sender},
    task::JoinHandle,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

/// A connection, or whatever else gives bytes.
pub type Input = Box<dyn AsyncRead + Send + Unpin>;

/// Both buffers live here, so they outlive every call of `next`: what was read ahead, and the line so far.
pub struct LineReader {
    input: BufReader<Input>,
    line: Vec<u8>,
}

impl LineReader {
    pub fn new(input: Input) -> Self {
        Self {
            input: BufReader::new(input),
            line: Vec::new(),
        }
    }

    /// # Cancel safety
    ///
    /// Dropping this loses nothing: the bytes read so far are in `self.line`, and the next call goes on from there.
    pub async fn next(&mut self) -> io::Result<Option<String>> {
        // `read_until` appends to the buffer it is lent. (`read_line` would put the bytes into its own future.)
        self.input.read_until(b'\n', &mut self.line).await?;
        // From here on there is no await, so nothing can be lost in between.
        let mut line = mem::take(&mut self.line);
        if line.is_empty() {
            return Ok(None);
        }
        if line.ends_with(b"\n") {
            line.pop();
            if line.ends_with(b"\r") {
                line.pop();
            }
        }
        let line = String::from_utf8(line);
        line.map(Some)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    }
}

/// A message is taken only when there is a place for it, and then handed over without an await.
///
/// # Cancel safety
///
/// Both waits are cancel safe, so dropping this loses nothing but the count.
pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let mut moved = 0;
    let moving = async {
        while let Ok(place) = to.reserve().await {
            // A message for a channel that has just been closed would be lost: look at that first.
            let message = tokio::select! {
                biased;
                () = to.closed() => break,
                message = from.recv() => message,
            };
            let Some(message) = message else { break };
            place.send(message);
            moved += 1;
        }
    };
    // Drops the loop wherever it waits.
    stop.run_until_cancelled(moving).await;
    moved
}

/// The guard owns the lease from the first instant on. Whatever ends this future drops the guard.
pub async fn with_lease<F>(leases: &Leases, limit: Duration, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let mut guard = Guard {
        lease: Some(leases.acquire().await),
        limit,
        runtime: Handle::current(),
    };
    let output = work.await;
    if let Some(release) = guard.release() {
        release.await.expect("nothing panics in it, or aborts it");
    }
    output
}

struct Guard {
    lease: Option<Lease>,
    limit: Duration,
    /// `drop` may be called where no runtime is, so it is kept from the start.
    runtime: Handle,
}

impl Guard {
    /// Has a task release the lease: a task goes on when its handle is dropped, as `with_lease` may be at any await.
    fn release(&mut self) -> Option<JoinHandle<()>> {
        let (lease, limit) = (self.lease.take()?, self.limit);
        let release = async move {
            // Nobody waits for this task for ever: if the service is gone, the lease is left to expire.
            let _elapsed = timeout(limit, lease.release()).await;
        };
        Some(self.runtime.spawn(release))
    }
}

/// `drop` cannot await. It can leave the work to somebody who can.
impl Drop for Guard {
    fn drop(&mut self) {
        self.release();
    }
}

// Hands these to the hidden tests. Leave this line as it is.
hidden_cancellation::grade!();
