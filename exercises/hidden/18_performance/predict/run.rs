//! Really runs a load: requests are tasks, and what they wait in line for are permits.

use std::{sync::Arc, time::Duration};

use async_workbook::services::workload::Workload;
use tokio::{
    sync::Semaphore,
    task::JoinSet,
    time::{Instant, sleep, sleep_until},
};
use tracing::{Instrument as _, Span, info_span};

/// What all requests share.
struct Service {
    limit: Semaphore,
    connections: Semaphore,
    cores: Semaphore,
    workload: Workload,
}

/// Runs the load, and returns how long it took.
pub(crate) async fn run(workload: &Workload) -> Duration {
    let permits = |count: u32| Semaphore::new(count as usize);
    let service = Arc::new(Service {
        limit: permits(workload.limit),
        connections: permits(workload.connections),
        cores: permits(workload.cores),
        workload: workload.clone(),
    });
    let start = Instant::now();
    let mut requests = JoinSet::new();
    for number in 0..workload.requests {
        let service = Arc::clone(&service);
        let comes = start + workload.every * number;
        requests.spawn(async move {
            if comes > Instant::now() {
                sleep_until(comes).await;
            }
            service.answer(number).await;
        });
    }
    requests.join_all().await;
    start.elapsed()
}

impl Service {
    async fn answer(&self, number: u32) {
        let workload = &self.workload;
        let calls = workload.calls.iter().max().copied().unwrap_or_default();
        let all = Semaphore::new(1);
        let steps = [
            ("calls", &all, calls),
            ("query", &self.connections, workload.query),
            ("compute", &self.cores, workload.compute),
        ];
        let steps = steps.iter().filter(|(_, _, takes)| !takes.is_zero());
        let count = steps.clone().count();
        let row = |step: &str| match count {
            1 => label(format!("request {number}")),
            _ => label(format!("request {number}: {step}")),
        };
        let mut steps = steps.peekable();
        // A row begins where the request begins to wait in line.
        let mut span = steps.peek().map(|(step, ..)| row(step));
        let _under_way = self.limit.acquire().await.expect("nobody closes it");
        for (step, places, takes) in steps {
            let span = span.take().unwrap_or_else(|| row(step));
            let _place = places.acquire().await.expect("nobody closes it");
            sleep(*takes).instrument(span).await;
        }
    }
}

fn label(label: String) -> Span {
    info_span!("step", label)
}
