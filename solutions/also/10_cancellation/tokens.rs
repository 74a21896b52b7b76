//! Also right: segments in place of lines, several places at a time, and a task that waits for the end of the work.

use std::{io, time::Duration};

use async_workbook::services::leases::Leases;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, BufReader, Split},
    sync::mpsc::{Receiver, Sender},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

/// A connection, or whatever else gives bytes.
pub type Input = Box<dyn AsyncRead + Send + Unpin>;

/// `Split` keeps the segment so far, as `Lines` does.
pub struct LineReader {
    segments: Split<BufReader<Input>>,
}

impl LineReader {
    pub fn new(input: Input) -> Self {
        Self {
            segments: BufReader::new(input).split(b'\n'),
        }
    }

    pub async fn next(&mut self) -> io::Result<Option<String>> {
        let Some(mut line) = self.segments.next_segment().await? else {
            return Ok(None);
        };
        if line.ends_with(b"\r") {
            line.pop();
        }
        let line = String::from_utf8(line);
        line.map(Some)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    }
}

/// As many messages as there is room for. The places that are left over go back.
pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let mut moved = 0;
    loop {
        let room = to.capacity().max(1);
        let places = tokio::select! {
            biased;
            () = stop.cancelled() => return moved,
            places = to.reserve_many(room) => places,
        };
        let Ok(places) = places else { return moved };
        let mut messages = Vec::with_capacity(room);
        let received = tokio::select! {
            biased;
            () = stop.cancelled() => 0,
            () = to.closed() => 0,
            received = from.recv_many(&mut messages, room) => received,
        };
        if received == 0 {
            return moved;
        }
        for (place, message) in std::iter::zip(places, messages) {
            place.send(message);
        }
        moved += received;
    }
}

/// The task has the lease from the start, and releases it when the token says so. The token's guard is dropped in any case.
pub async fn with_lease<F>(leases: &Leases, limit: Duration, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let (lease, done) = (leases.acquire().await, CancellationToken::new());
    let is_done = done.clone();
    let release = tokio::spawn(async move {
        is_done.cancelled().await;
        let _elapsed = timeout(limit, lease.release()).await;
    });
    let guard = done.drop_guard();
    let output = work.await;
    drop(guard);
    release.await.expect("nothing panics in it, or aborts it");
    output
}

// Hands these to the hidden tests. Leave this line as it is.
hidden_cancellation::grade!();
