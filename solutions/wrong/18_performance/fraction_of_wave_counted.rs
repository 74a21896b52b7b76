//! Divides the work by the places, as if a request could be cut into pieces.

pub fn predict(workload: &Workload) -> Duration {
    let calls = workload.calls.iter().max().copied().unwrap_or_default();
    let share = |takes: Duration, places: u32| {
        let places = places.min(workload.limit).min(workload.requests.max(1));
        takes.mul_f64(f64::from(workload.requests) / f64::from(places))
    };
    share(calls, u32::MAX)
        + share(workload.query, workload.connections)
        + share(workload.compute, workload.cores)
}
