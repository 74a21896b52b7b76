//! Times the call alone.

use async_workbook::clock::timed;

pub async fn load_test(
    server: &Server,
    requests: u32,
    every: Duration,
    connections: NonZeroUsize,
) -> Report {
    let start = Instant::now();
    let permits = &Semaphore::new(connections.get());
    let calls = (0..requests).map(|request| async move {
        let due = start + every * request;
        sleep_until(due).await;
        let _permit = permits.acquire().await.expect("nobody closes it");
        let (answer, took) = timed(server.call()).await;
        answer.map(|()| took)
    });
    let results = join_all(calls).await;
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
