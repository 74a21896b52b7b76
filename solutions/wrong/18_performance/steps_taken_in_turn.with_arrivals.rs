//! Adds up the lines, or what the last request takes after it has come, whichever is later.

pub fn predict(workload: &Workload) -> Duration {
    let calls = workload.calls.iter().max().copied().unwrap_or_default();
    if workload.every.is_zero() {
        let waves = |places: u32| workload.requests.div_ceil(places.min(workload.limit));
        return calls * waves(u32::MAX)
            + workload.query * waves(workload.connections)
            + workload.compute * waves(workload.cores);
    }
    let mut under_way = Places::new(workload.limit);
    let mut connections = Places::new(workload.connections);
    let mut cores = Places::new(workload.cores);
    let mut answered = Duration::ZERO;
    for request in 0..workload.requests {
        let begun = under_way.begin(workload.every * request);
        answered = connections.begin(begun + calls) + workload.query;
        connections.end(answered);
        answered = cores.begin(answered) + workload.compute;
        cores.end(answered);
        under_way.end(answered);
    }
    answered
}
