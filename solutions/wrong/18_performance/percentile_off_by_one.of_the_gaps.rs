//! Takes the rank among the gaps between the latencies, and rounds it.

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
        server.call().await.map(|()| due.elapsed())
    });
    let results = join_all(calls).await;
    let mut latencies: Vec<_> = results.iter().flatten().copied().collect();
    latencies.sort_unstable();
    let percentile = |percent: usize| {
        let gaps = latencies.len().saturating_sub(1) as f64;
        let index = (gaps * percent as f64 / 100.0).round() as usize;
        latencies.get(index).copied().unwrap_or_default()
    };
    Report {
        p50: percentile(50),
        p99: percentile(99),
        longest: percentile(100),
        failed: results.len() - latencies.len(),
    }
}
