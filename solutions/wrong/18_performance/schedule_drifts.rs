//! Sleeps for the same time again and again.

use std::sync::Arc;
use tokio::{task::JoinSet, time::sleep};

pub async fn load_test(
    server: &Server,
    requests: u32,
    every: Duration,
    connections: NonZeroUsize,
) -> Report {
    let start = Instant::now();
    let permits = Arc::new(Semaphore::new(connections.get()));
    let mut calls = JoinSet::new();
    for request in 0..requests {
        let due = start + every * request;
        let (server, permits) = (server.clone(), Arc::clone(&permits));
        calls.spawn(async move {
            let _permit = permits.acquire_owned().await;
            server.call().await.map(|()| due.elapsed())
        });
        if request + 1 < requests {
            sleep(every).await;
        }
    }
    let results = calls.join_all().await;
    let mut latencies: Vec<_> = results.iter().flatten().copied().collect();
    latencies.sort_unstable();
    let percentile = |percent: usize| {
        let rank = (latencies.len() * percent).div_ceil(100);
        rank.checked_sub(1)
            .map_or(Duration::ZERO, |index| latencies[index])
    };
    Report {
        p50: percentile(50),
        p99: percentile(99),
        longest: percentile(100),
        failed: results.len() - latencies.len(),
    }
}
