//! The signals that a program on a terminal gets.

use std::future;

/// Tells when this process goes on after it was stopped, and when the terminal has another size.
pub(super) struct Signals {
    #[cfg(unix)]
    continued: Option<tokio::signal::unix::Signal>,
    #[cfg(unix)]
    resized: Option<tokio::signal::unix::Signal>,
}

/// What a signal told. Only Unix has such signals.
#[derive(Debug)]
#[cfg_attr(not(unix), expect(dead_code, reason = "nothing tells of either"))]
pub(super) enum Signalled {
    Continued,
    Resized,
}

impl Signals {
    #[cfg(unix)]
    pub(super) fn new() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        let continued = SignalKind::from_raw(rustix::process::Signal::CONT.as_raw());
        Self {
            continued: signal(continued).ok(),
            // The stream of keys tells of sizes as well, but not if a key comes at the same moment.
            resized: signal(SignalKind::window_change()).ok(),
        }
    }

    #[cfg(not(unix))]
    pub(super) fn new() -> Self {
        Self {}
    }

    /// Waits for the next signal.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost if this is dropped.
    #[cfg(unix)]
    pub(super) async fn next(&mut self) -> Signalled {
        async fn received(signals: &mut Option<tokio::signal::unix::Signal>) {
            if let Some(signals) = signals
                && signals.recv().await.is_some()
            {
                return;
            }
            future::pending().await
        }
        tokio::select! {
            () = received(&mut self.continued) => Signalled::Continued,
            () = received(&mut self.resized) => Signalled::Resized,
        }
    }

    #[cfg(not(unix))]
    pub(super) async fn next(&mut self) -> Signalled {
        future::pending().await
    }
}
