//! Takes all requests for independent.

pub fn predict(workload: &Workload) -> Duration {
    let calls = workload.calls.iter().max().copied().unwrap_or_default();
    let last = workload.every * workload.requests.saturating_sub(1);
    match workload.requests {
        0 => Duration::ZERO,
        _ => last + calls + workload.query + workload.compute,
    }
}
