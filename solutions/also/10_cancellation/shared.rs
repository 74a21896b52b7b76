//! Also right: a stream for the lines, places that are owned, and a release that its caller and a task can share.

use std::{io, pin::Pin, time::Duration};

use async_workbook::services::leases::Leases;
use futures::{
    FutureExt as _, Stream, StreamExt as _, TryStreamExt as _,
    future::{BoxFuture, Shared},
    stream,
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, BufReader},
    runtime::Handle,
    sync::mpsc::{Receiver, Sender},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

/// A connection, or whatever else gives bytes.
pub type Input = Box<dyn AsyncRead + Send + Unpin>;

/// The stream keeps the future that reads. A call only polls it, so nothing of it is dropped with the call.
pub struct LineReader {
    lines: Pin<Box<dyn Stream<Item = io::Result<String>> + Send>>,
}

impl LineReader {
    pub fn new(input: Input) -> Self {
        let lines = stream::try_unfold(BufReader::new(input), async |mut input| {
            let mut line = String::new();
            if input.read_line(&mut line).await? == 0 {
                return Ok(None);
            }
            if line.ends_with('\n') {
                line.pop();
                if line.ends_with('\r') {
                    line.pop();
                }
            }
            Ok(Some((line, input)))
        });
        Self {
            lines: lines.fuse().boxed(),
        }
    }

    pub async fn next(&mut self) -> io::Result<Option<String>> {
        self.lines.try_next().await
    }
}

/// A place of one's own needs a sender of its own.
pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let mut moved = 0;
    loop {
        let place = tokio::select! {
            () = stop.cancelled() => return moved,
            place = to.clone().reserve_owned() => place,
        };
        let Ok(place) = place else { return moved };
        let message = tokio::select! {
            () = stop.cancelled() => return moved,
            () = to.closed() => return moved,
            message = from.recv() => message,
        };
        let Some(message) = message else { return moved };
        place.send(message);
        moved += 1;
    }
}

/// The release begins once. If its caller is dropped halfway, a task goes on with it.
pub async fn with_lease<F>(leases: &Leases, limit: Duration, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let lease = leases.acquire().await;
    let release = async move {
        let _elapsed = timeout(limit, lease.release()).await;
    };
    let mut guard = Guard(Some(release.boxed().shared()), Handle::current());
    let output = work.await;
    if let Some(release) = guard.0.clone() {
        release.await;
        guard.0 = None;
    }
    output
}

struct Guard(Option<Shared<BoxFuture<'static, ()>>>, Handle);

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(release) = self.0.take() {
            self.1.spawn(release);
        }
    }
}

// Hands these to the hidden tests. Leave this line as it is.
hidden_cancellation::grade!();
