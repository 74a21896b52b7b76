//! Lets the next request begin when the calls are over, and not only when one is answered.

pub fn predict(workload: &Workload) -> Duration {
    let calls = workload.calls.iter().max().copied().unwrap_or_default();
    let mut under_way = Places::new(workload.limit);
    let mut connections = Places::new(workload.connections);
    let mut cores = Places::new(workload.cores);
    let mut answered = Duration::ZERO;
    for request in 0..workload.requests {
        let begun = under_way.begin(workload.every * request);
        under_way.end(begun + calls);
        answered = connections.begin(begun + calls) + workload.query;
        connections.end(answered);
        answered = cores.begin(answered) + workload.compute;
        cores.end(answered);
    }
    answered
}
