//! Gives each connection requests of its own beforehand, so one is idle while another has a line.

use std::{num::NonZeroUsize, time::Duration};

use async_workbook::services::server::Server;
use futures::future::join_all;
use tokio::time::{Instant, sleep_until};

pub async fn load_test(
    server: &Server,
    requests: u32,
    every: Duration,
    connections: NonZeroUsize,
) -> Report {
    let start = Instant::now();
    let step = connections.get().min(requests as usize).max(1);
    let workers = (0..step).map(|first| async move {
        let mut answers = Vec::new();
        for i in (first..requests as usize).step_by(step) {
            let due = start + every * i as u32;
            sleep_until(due).await;
            let answer = server.call().await;
            answers.push(answer.is_ok().then(|| due.elapsed()));
        }
        answers
    });
    summed_up(join_all(workers).await.concat())
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
