//! A time limit of a second, on a runtime whose clock can't be paused.

use std::time::Duration;

use tokio::{runtime::Runtime, time::timeout};

pub fn run<F: Future>(future: F) -> F::Output {
    let runtime = Runtime::new().unwrap();
    let limited = async { timeout(Duration::from_secs(1), future).await };
    runtime.block_on(limited).unwrap()
}
