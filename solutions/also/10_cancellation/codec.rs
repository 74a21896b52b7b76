//! Also right: a codec for the lines, a stream that a token ends, and a task that waits for the lease it is to release.

use std::{io, pin::pin, time::Duration};

use async_workbook::services::leases::{Lease, Leases};
use futures::{StreamExt as _, future, stream};
use tokio::{
    io::AsyncRead,
    sync::{
        mpsc::{Receiver, Sender},
        oneshot,
    },
    task::JoinHandle,
    time::timeout,
};
use tokio_util::{
    codec::{FramedRead, LinesCodec, LinesCodecError},
    sync::CancellationToken,
};

/// A connection, or whatever else gives bytes.
pub type Input = Box<dyn AsyncRead + Send + Unpin>;

/// The buffer is part of the `FramedRead`, and the codec makes lines of it.
pub struct LineReader {
    lines: FramedRead<Input, LinesCodec>,
}

impl LineReader {
    pub fn new(input: Input) -> Self {
        Self {
            lines: FramedRead::new(input, LinesCodec::new()),
        }
    }

    pub async fn next(&mut self) -> io::Result<Option<String>> {
        match self.lines.next().await.transpose() {
            Ok(line) => Ok(line),
            Err(LinesCodecError::Io(error)) => Err(error),
            Err(error @ LinesCodecError::MaxLineLengthExceeded) => Err(io::Error::other(error)),
        }
    }
}

/// The stream takes a message when there is room for it, and gives the message with its place.
pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let messages = stream::unfold(from, async |from| {
        let place = to.reserve().await.ok()?;
        let message = {
            let (closed, message) = (pin!(to.closed()), pin!(from.recv()));
            match future::select(closed, message).await {
                future::Either::Left(_) => None,
                future::Either::Right((message, _)) => message,
            }
        };
        Some(((place, message?), from))
    });
    let messages = messages.take_until(stop.cancelled());
    messages
        .map(|(place, message)| place.send(message))
        .count()
        .await
}

/// There is somebody who releases the lease before there is a lease.
pub async fn with_lease<F>(leases: &Leases, limit: Duration, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let (hand_over, handed_over) = oneshot::channel::<Lease>();
    let janitor: JoinHandle<()> = tokio::spawn(async move {
        // An error says that no lease was ever taken.
        if let Ok(lease) = handed_over.await {
            let _elapsed = timeout(limit, lease.release()).await;
        }
    });
    let mut held = Held(None, Some(hand_over));
    held.0 = Some(leases.acquire().await);
    let output = work.await;
    drop(held);
    janitor.await.expect("nothing panics in it, or aborts it");
    output
}

/// Hands its lease over when it is dropped.
struct Held(Option<Lease>, Option<oneshot::Sender<Lease>>);

impl Drop for Held {
    fn drop(&mut self) {
        if let (Some(lease), Some(janitor)) = (self.0.take(), self.1.take()) {
            // It fails if the runtime is shutting down, and nobody can release anything then.
            let _nobody = janitor.send(lease);
        }
    }
}

// Hands these to the hidden tests. Leave this line as it is.
hidden_cancellation::grade!();
