//! Also right: the future of a call is kept in the reader, what ends the forwarder is made once, and a janitor hands the
//! lease back.

use std::{io, pin::pin, time::Duration};

use async_workbook::services::leases::{Lease, Leases};
use futures::future::BoxFuture;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, BufReader, Lines},
    sync::mpsc::{Receiver, Sender, UnboundedSender, unbounded_channel},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

/// A connection, or whatever else gives bytes.
pub type Input = Box<dyn AsyncRead + Send + Unpin>;

/// A dropped call of `next` leaves this where it was. The next one polls it on.
pub struct LineReader {
    call: Call,
}

impl LineReader {
    pub fn new(input: Input) -> Self {
        Self {
            call: call(BufReader::new(input).lines()),
        }
    }

    pub async fn next(&mut self) -> io::Result<Option<String>> {
        let (lines, line) = (&mut self.call).await;
        self.call = call(lines);
        line
    }
}

pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let mut over = pin!(async {
        tokio::select! {
            () = stop.cancelled() => {}
            () = to.closed() => {}
        }
    });
    let mut moved = 0;
    loop {
        // No handler awaits, so it doesn't matter that `over` isn't dropped.
        let place = tokio::select! {
            biased;
            () = &mut over => return moved,
            place = to.reserve() => place,
        };
        let Ok(place) = place else { return moved };
        let message = tokio::select! {
            biased;
            () = &mut over => return moved,
            message = from.recv() => message,
        };
        let Some(message) = message else { return moved };
        place.send(message);
        moved += 1;
    }
}

/// The janitor belongs to this call, and ends with its guard.
pub async fn with_lease<F>(leases: &Leases, limit: Duration, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let (to_janitor, mut left) = unbounded_channel::<Lease>();
    let janitor = tokio::spawn(async move {
        while let Some(lease) = left.recv().await {
            let _elapsed = timeout(limit, lease.release()).await;
        }
    });
    let guard = Guard {
        lease: Some(leases.acquire().await),
        to_janitor,
    };
    let output = work.await;
    drop(guard);
    janitor.await.expect("nothing panics in it, or aborts it");
    output
}

struct Guard {
    lease: Option<Lease>,
    to_janitor: UnboundedSender<Lease>,
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(lease) = self.lease.take() {
            let _gone = self.to_janitor.send(lease);
        }
    }
}

type Call = BoxFuture<'static, (Lines<BufReader<Input>>, io::Result<Option<String>>)>;

fn call(mut lines: Lines<BufReader<Input>>) -> Call {
    Box::pin(async move {
        let line = lines.next_line().await;
        (lines, line)
    })
}

// Hands these to the hidden tests. Leave this line as it is.
hidden_cancellation::grade!();
