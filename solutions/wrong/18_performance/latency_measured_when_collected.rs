//! Reads the clock when it comes to look at the answer.

use std::sync::Arc;
use tokio_util::task::AbortOnDropHandle;

pub async fn load_test(
    server: &Server,
    requests: u32,
    every: Duration,
    connections: NonZeroUsize,
) -> Report {
    let start = Instant::now();
    let permits = Arc::new(Semaphore::new(connections.get()));
    let calls: Vec<_> = (0..requests)
        .map(|request| {
            let due = start + every * request;
            let (server, permits) = (server.clone(), Arc::clone(&permits));
            AbortOnDropHandle::new(tokio::spawn(async move {
                sleep_until(due).await;
                let _permit = permits.acquire_owned().await;
                server.call().await.map(|()| due)
            }))
        })
        .collect();
    let mut results = Vec::new();
    for call in calls {
        let answer = call.await.expect("it doesn't panic");
        results.push(answer.map(|due| due.elapsed()));
    }
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
