//! Makes the calls a second time at the end.

pub fn predict(workload: &Workload) -> Duration {
    let calls = workload.calls.iter().max().copied().unwrap_or_default();
    let mut under_way = Places::new(workload.limit);
    let mut connections = Places::new(workload.connections);
    let mut cores = Places::new(workload.cores);
    let mut answered = Duration::ZERO;
    for request in 0..workload.requests {
        let begun = under_way.begin(workload.every * request);
        answered = connections.begin(begun + calls) + workload.query;
        connections.end(answered);
        answered = cores.begin(answered) + workload.compute + calls;
        cores.end(answered);
        under_way.end(answered);
    }
    answered
}
