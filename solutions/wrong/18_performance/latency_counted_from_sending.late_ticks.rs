//! Waits for a connection in the loop that keeps the schedule, and counts from ticks that come later for it.

use std::{num::NonZeroUsize, sync::Arc, time::Duration};

use async_workbook::services::server::Server;
use tokio::{
    sync::Semaphore,
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};

pub async fn load_test(
    server: &Server,
    requests: u32,
    every: Duration,
    connections: NonZeroUsize,
) -> Report {
    let line = Arc::new(Semaphore::new(
        connections.get().min(Semaphore::MAX_PERMITS),
    ));
    let mut ticks = interval(every.max(Duration::from_nanos(1)));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut calls = JoinSet::new();
    for _ in 0..requests {
        let due = ticks.tick().await;
        let connection = Arc::clone(&line)
            .acquire_owned()
            .await
            .expect("it is never closed");
        let call = server.call();
        calls.spawn(async move {
            let answer = call.await;
            drop(connection);
            answer.is_ok().then(|| due.elapsed())
        });
    }
    summed_up(calls.join_all().await)
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
