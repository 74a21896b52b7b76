//! What the programs of these pages call, and how long it took.

use std::{fmt, time::Duration};

use tokio::time::{Instant, sleep};

// ANCHOR: fetch
/// What a call gives: no more than its path.
pub(crate) type Page = &'static str;

/// A call to some service: nothing but the wait for its answer, in milliseconds.
pub(crate) async fn fetch(path: &'static str, latency: u64) -> Page {
    sleep(ms(latency)).await;
    path
}

/// A call that fails, when it has taken that long.
pub(crate) async fn fail(path: &'static str, latency: u64) -> Result<Page, Down> {
    sleep(ms(latency)).await;
    Err(Down(path))
}
// ANCHOR_END: fetch

/// A call that succeeds, of the same type as one that fails.
pub(crate) async fn succeed(path: &'static str, latency: u64) -> Result<Page, Down> {
    Ok(fetch(path, latency).await)
}

/// The service at this path is down.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Down(pub(crate) &'static str);

impl fmt::Display for Down {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} is down", self.0)
    }
}

impl std::error::Error for Down {}

pub(crate) const fn ms(number: u64) -> Duration {
    Duration::from_millis(number)
}

/// What a future gave, and how long it took on tokio's clock.
pub(crate) async fn timed<F: Future>(future: F) -> (F::Output, Duration) {
    let start = Instant::now();
    let output = future.await;
    (output, start.elapsed())
}
