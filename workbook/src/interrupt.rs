//! How a command ends: by itself, with an error, or since it is asked to.

use std::future;

use tokio::signal;

use crate::{error::Error, exit::Exit};

/// Awaits a command until it is done or the process is asked to end, which drops the command and all that
/// it runs. An error is written to standard error.
pub(crate) async fn until_interrupted(command: impl Future<Output = Result<Exit, Error>>) -> Exit {
    let asked_to_end = asked_to_end();
    tokio::select! {
        result = command => exit_of(result),
        () = asked_to_end => Exit::Interrupted,
    }
}

/// How a command ended. An error is written to standard error.
pub fn exit_of(result: Result<Exit, Error>) -> Exit {
    result.unwrap_or_else(|error| {
        if error.exit() != Exit::ClosedPipe {
            anstream::eprintln!("error: {error}");
        }
        error.exit()
    })
}

/// Waits for Ctrl-C; on Unix also for `kill`, and for the terminal to be closed.
///
/// They are listened for from this call on, not only from the first poll: what comes in between would
/// end the process as it stands.
#[cfg(unix)]
pub(crate) fn asked_to_end() -> impl Future<Output = ()> + Send + use<> {
    use signal::unix::{Signal, SignalKind, signal};
    // Where one cannot be listened for, the system ends the process by itself.
    let listen = |kind| signal(kind).ok();
    let mut signals: Vec<Signal> = [
        SignalKind::interrupt(),
        SignalKind::terminate(),
        SignalKind::hangup(),
    ]
    .into_iter()
    .filter_map(listen)
    .collect();
    async move {
        if signals.is_empty() {
            future::pending().await
        }
        let received = signals.iter_mut().map(|signal| Box::pin(signal.recv()));
        futures::future::select_all(received).await;
    }
}

/// Waits for Ctrl-C.
#[cfg(not(unix))]
pub(crate) fn asked_to_end() -> impl Future<Output = ()> + Send + use<> {
    async {
        // Where it cannot be listened for, the system ends the process by itself.
        if signal::ctrl_c().await.is_err() {
            future::pending().await
        }
    }
}
