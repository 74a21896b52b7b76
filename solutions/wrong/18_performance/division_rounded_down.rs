//! Divides without the rest: the last wave is missing.

pub fn predict(workload: &Workload) -> Duration {
    let calls = workload.calls.iter().max().copied().unwrap_or_default();
    let requests = workload.requests;
    let waves = |places: u32| requests / places.min(workload.limit).min(requests.max(1));
    calls * waves(u32::MAX)
        + workload.query * waves(workload.connections)
        + workload.compute * waves(workload.cores)
}
