//! Gives a free connection to the request that came last.

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
    let free = &std::sync::Mutex::new(connections.get());
    let line = &std::sync::Mutex::new(Vec::<tokio::sync::oneshot::Sender<()>>::new());
    // None of these holds a lock across an await.
    let enter = || {
        let mut free = free.lock().expect("nobody panics under it");
        if *free > 0 {
            *free -= 1;
            return None;
        }
        let (sender, turn) = tokio::sync::oneshot::channel();
        line.lock().expect("nobody panics under it").push(sender);
        Some(turn)
    };
    let leave = || match line.lock().expect("nobody panics under it").pop() {
        Some(next) => drop(next.send(())),
        None => *free.lock().expect("nobody panics under it") += 1,
    };
    let (enter, leave) = (&enter, &leave);
    let answers = join_all((0..requests).map(|i| async move {
        let due = start + every * i;
        sleep_until(due).await;
        if let Some(turn) = enter() {
            turn.await.expect("whoever leaves sends");
        }
        let answer = server.call().await;
        leave();
        answer.is_ok().then(|| due.elapsed())
    }))
    .await;
    summed_up(answers)
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
