//! Also right: tokio's own reader of lines, `select!` at each wait, and a task that owns the lease and is told when
//! nobody waits for it any longer.

use std::{io, time::Duration};

use async_workbook::services::leases::Leases;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, BufReader, Lines},
    sync::mpsc::{Receiver, Sender},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

/// A connection, or whatever else gives bytes.
pub type Input = Box<dyn AsyncRead + Send + Unpin>;

/// `Lines` keeps the line so far, as its section "Cancel safety" says.
pub struct LineReader {
    lines: Lines<BufReader<Input>>,
}

impl LineReader {
    pub fn new(input: Input) -> Self {
        Self {
            lines: BufReader::new(input).lines(),
        }
    }

    pub async fn next(&mut self) -> io::Result<Option<String>> {
        self.lines.next_line().await
    }
}

/// Each wait is for several things at once.
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
            place = to.reserve() => match place {
                Ok(place) => place,
                Err(_closed) => return moved,
            },
        };
        tokio::select! {
            biased;
            () = stop.cancelled() => return moved,
            () = to.closed() => return moved,
            message = from.recv() => match message {
                Some(message) => place.send(message),
                None => return moved,
            },
        }
        moved += 1;
    }
}

/// The task is never dropped, so it can await its cleanup. When the caller is, the guard of the token says so.
pub async fn with_lease<F>(leases: &Leases, limit: Duration, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let (leases, caller_gone) = (leases.clone(), CancellationToken::new());
    let _caller = caller_gone.clone().drop_guard();
    let scope = tokio::spawn(async move {
        let lease = caller_gone.run_until_cancelled(leases.acquire()).await?;
        // Work that panics ends its own task, and not this one.
        let mut working = tokio::task::JoinSet::new();
        working.spawn(work);
        let outcome = caller_gone.run_until_cancelled(working.join_next()).await;
        working.shutdown().await;
        let _elapsed = timeout(limit, lease.release()).await;
        outcome.flatten()
    });
    let outcome = scope.await.expect("nothing panics in it, or aborts it");
    match outcome.expect("it isn't cancelled while somebody waits for it") {
        Ok(output) => output,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

// Hands these to the hidden tests. Leave this line as it is.
hidden_cancellation::grade!();
