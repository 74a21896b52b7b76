//! Takes the latency of the last request for the longest.

use std::{num::NonZeroUsize, time::Duration};

use async_workbook::services::server::Server;
use futures::future::join_all;
use tokio::{
    sync::Semaphore,
    time::{Instant, sleep_until},
};

pub async fn load_test(
    server: &Server,
    requests: u32,
    every: Duration,
    connections: NonZeroUsize,
) -> Report {
    let start = Instant::now();
    let line = &Semaphore::new(connections.get().min(Semaphore::MAX_PERMITS));
    let answers = join_all((0..requests).map(|i| async move {
        let due = start + every * i;
        sleep_until(due).await;
        let _connection = line.acquire().await.expect("it is never closed");
        let answer = server.call().await;
        answer.is_ok().then(|| due.elapsed())
    }))
    .await;
    let last = answers.iter().flatten().last().copied().unwrap_or_default();
    Report {
        longest: last,
        ..summed_up(answers)
    }
}

/// Without an answer, it failed.
fn summed_up(answers: Vec<Option<Duration>>) -> Report {
    let mut taken: Vec<Duration> = answers.iter().flatten().copied().collect();
    let failed = answers.len() - taken.len();
    taken.sort_unstable();
    let at = |percent: usize| match taken.len() {
        0 => Duration::ZERO,
        n => taken[(n * percent).div_ceil(100) - 1],
    };
    Report {
        p50: at(50),
        p99: at(99),
        longest: at(100),
        failed,
    }
}
