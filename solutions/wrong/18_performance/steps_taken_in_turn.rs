//! Adds up the lines: all calls, then all queries, then all computing.

pub fn predict(workload: &Workload) -> Duration {
    let calls = workload.calls.iter().max().copied().unwrap_or_default();
    let waves = |places: u32| workload.requests.div_ceil(places.min(workload.limit));
    calls * waves(u32::MAX)
        + workload.query * waves(workload.connections)
        + workload.compute * waves(workload.cores)
}
