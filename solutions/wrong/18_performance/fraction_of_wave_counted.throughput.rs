//! Computes a throughput in requests per second, and divides by it.

pub fn predict(workload: &Workload) -> Duration {
    let calls = workload.calls.iter().max().copied().unwrap_or_default();
    let alone = calls + workload.query + workload.compute;
    let places = workload
        .limit
        .min(workload.connections)
        .min(workload.requests);
    if places == 0 || alone.is_zero() {
        return Duration::ZERO;
    }
    let per_second = f64::from(places) / alone.as_secs_f64();
    Duration::from_secs_f64(f64::from(workload.requests) / per_second)
}
