//! Works out a throughput in nanoseconds, and loses the last wave.

pub fn predict(workload: &Workload) -> Duration {
    let calls = workload.calls.iter().max().copied().unwrap_or_default();
    if workload.requests <= workload.connections.min(workload.limit) {
        return if workload.requests == 0 {
            Duration::ZERO
        } else {
            calls + workload.query + workload.compute
        };
    }
    let places = workload.connections.min(workload.limit);
    let full_waves = (workload.requests - workload.requests % places) / places;
    (calls + workload.query + workload.compute) * full_waves
}
