//! Also right: a buffer and a loop of one's own, channels that are polled by hand, and a guard that keeps the lease
//! until its release has ended.

use std::{future::poll_fn, io, pin::pin, task::Poll, time::Duration};

use async_workbook::services::leases::{Lease, Leases};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _},
    sync::mpsc::{Receiver, Sender},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

/// A connection, or whatever else gives bytes.
pub type Input = Box<dyn AsyncRead + Send + Unpin>;

/// What was read and not yet returned.
pub struct LineReader {
    input: Input,
    read: Vec<u8>,
}

impl LineReader {
    pub fn new(input: Input) -> Self {
        Self {
            input,
            read: Vec::new(),
        }
    }

    pub async fn next(&mut self) -> io::Result<Option<String>> {
        loop {
            if let Some(end) = self.read.iter().position(|&byte| byte == b'\n') {
                let mut line: Vec<u8> = self.read.drain(..=end).collect();
                line.pop();
                if line.ends_with(b"\r") {
                    line.pop();
                }
                return text(line).map(Some);
            }
            // Dropped here, it has read nothing.
            if self.input.read_buf(&mut self.read).await? > 0 {
                continue;
            }
            if self.read.is_empty() {
                return Ok(None);
            }
            return text(std::mem::take(&mut self.read)).map(Some);
        }
    }
}

fn text(line: Vec<u8>) -> io::Result<String> {
    String::from_utf8(line).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// Every condition is looked at in each poll.
pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let (mut stopped, mut closed) = (pin!(stop.cancelled()), pin!(to.closed()));
    let mut moved = 0;
    loop {
        let mut room = pin!(to.reserve());
        let mut place = None;
        let message = poll_fn(|context| {
            if stopped.as_mut().poll(context).is_ready() || closed.as_mut().poll(context).is_ready()
            {
                return Poll::Ready(None);
            }
            if place.is_none() {
                match room.as_mut().poll(context) {
                    Poll::Ready(Ok(free)) => place = Some(free),
                    Poll::Ready(Err(_closed)) => return Poll::Ready(None),
                    Poll::Pending => return Poll::Pending,
                }
            }
            from.poll_recv(context)
        });
        match (message.await, place) {
            (Some(message), Some(place)) => place.send(message),
            _ => return moved,
        }
        moved += 1;
    }
}

/// The release is awaited here, and begins again on a task if that is dropped.
pub async fn with_lease<F>(leases: &Leases, limit: Duration, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let mut guard = Guard(Some(leases.acquire().await), limit);
    let output = work.await;
    guard.release().await;
    output
}

struct Guard(Option<Lease>, Duration);

impl Guard {
    async fn release(&mut self) {
        if let Some(lease) = &self.0 {
            let _elapsed = timeout(self.1, lease.release()).await;
        }
        // Only now is there nothing left to do.
        self.0 = None;
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(lease) = self.0.take() {
            let limit = self.1;
            tokio::spawn(async move { timeout(limit, lease.release()).await });
        }
    }
}

// Hands these to the hidden tests. Leave this line as it is.
hidden_cancellation::grade!();
