//! Lets one request after another begin.

pub fn predict(workload: &Workload) -> Duration {
    let calls = workload.calls.iter().max().copied().unwrap_or_default();
    (calls + workload.query + workload.compute) * workload.requests
}
