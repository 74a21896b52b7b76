//! Takes the last of no requests.

pub fn predict(workload: &Workload) -> Duration {
    let answered: Vec<Duration> = (1..=workload.requests)
        .map(|requests| {
            let workload = Workload {
                requests,
                ..workload.clone()
            };
            exact(&workload)
        })
        .skip(workload.requests.saturating_sub(1) as usize)
        .collect();
    *answered.last().unwrap()
}

fn exact(workload: &Workload) -> Duration {
    let calls = workload.calls.iter().max().copied().unwrap_or_default();
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
