//! Makes as many calls as there are connections, and waits for all of them before it makes the next ones.

pub async fn load_test(
    server: &Server,
    requests: u32,
    every: Duration,
    connections: NonZeroUsize,
) -> Report {
    let start = Instant::now();
    let all: Vec<u32> = (0..requests).collect();
    let mut results = Vec::new();
    for group in all.chunks(connections.get()) {
        let calls = group.iter().map(|&request| async move {
            let due = start + every * request;
            sleep_until(due).await;
            server.call().await.map(|()| due.elapsed())
        });
        results.extend(join_all(calls).await);
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
