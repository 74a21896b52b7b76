//! Waits for the oldest of its tasks before it spawns another one.

use tokio_util::task::AbortOnDropHandle;

pub async fn load_test(
    server: &Server,
    requests: u32,
    every: Duration,
    connections: NonZeroUsize,
) -> Report {
    let start = Instant::now();
    let mut running = VecDeque::new();
    let mut results = Vec::new();
    for request in 0..requests {
        if running.len() == connections.get()
            && let Some(oldest) = running.pop_front()
        {
            let oldest: AbortOnDropHandle<_> = oldest;
            results.push(oldest.await.expect("it doesn't panic"));
        }
        let (server, due) = (server.clone(), start + every * request);
        running.push_back(AbortOnDropHandle::new(tokio::spawn(async move {
            sleep_until(due).await;
            server.call().await.map(|()| due.elapsed())
        })));
    }
    for call in running {
        results.push(call.await.expect("it doesn't panic"));
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
