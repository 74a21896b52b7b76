//! Lets a request compute before it queries.

pub fn predict(workload: &Workload) -> Duration {
    let calls = workload.calls.iter().max().copied().unwrap_or_default();
    let mut under_way = Places::new(workload.limit);
    let mut connections = Places::new(workload.connections);
    let mut cores = Places::new(workload.cores);
    let mut answered = Duration::ZERO;
    for request in 0..workload.requests {
        let begun = under_way.begin(workload.every * request);
        answered = cores.begin(begun + calls) + workload.compute;
        cores.end(answered);
        answered = connections.begin(answered) + workload.query;
        connections.end(answered);
        under_way.end(answered);
    }
    answered
}
