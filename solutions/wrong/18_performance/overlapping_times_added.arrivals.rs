//! Adds the time in which the requests come to the time in which they are served.

pub fn predict(workload: &Workload) -> Duration {
    let calls = workload.calls.iter().max().copied().unwrap_or_default();
    let mut under_way = Places::new(workload.limit);
    let mut connections = Places::new(workload.connections);
    let mut cores = Places::new(workload.cores);
    let mut answered = Duration::ZERO;
    for _request in 0..workload.requests {
        let begun = under_way.begin(Duration::ZERO);
        answered = connections.begin(begun + calls) + workload.query;
        connections.end(answered);
        answered = cores.begin(answered) + workload.compute;
        cores.end(answered);
        under_way.end(answered);
    }
    answered + workload.every * workload.requests.saturating_sub(1)
}
