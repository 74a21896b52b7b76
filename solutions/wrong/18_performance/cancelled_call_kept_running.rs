//! Spawns tasks that nobody aborts.

use std::sync::Arc;

pub async fn load_test(
    server: &Server,
    requests: u32,
    every: Duration,
    connections: NonZeroUsize,
) -> Report {
    let start = Instant::now();
    let permits = Arc::new(Semaphore::new(connections.get()));
    let calls = (0..requests).map(|request| {
        let due = start + every * request;
        let (server, permits) = (server.clone(), Arc::clone(&permits));
        tokio::spawn(async move {
            sleep_until(due).await;
            let _permit = permits.acquire_owned().await;
            server.call().await.map(|()| due.elapsed())
        })
    });
    let calls = join_all(calls).await.into_iter();
    let results: Vec<_> = calls.map(|call| call.expect("it doesn't panic")).collect();
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
