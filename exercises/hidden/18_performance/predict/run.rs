//! Really runs a load: requests are tasks, and what they wait in line for are permits.

use std::{sync::Arc, time::Duration};

use async_workbook::{probes::drops::Drops, services::workload::Workload};
use futures::FutureExt as _;
use tokio::{
    sync::Semaphore,
    task::JoinSet,
    time::{Instant, sleep, sleep_until},
};

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
        let times = [calls, workload.query, workload.compute];
        let has_one_step = times.iter().filter(|takes| !takes.is_zero()).count() == 1;
        let row = |step: usize| {
            let label = match has_one_step {
                true => format!("request {number}"),
                false => format!("request {number}: {}", STEPS[step]),
            };
            let takes = times[step];
            // On a timeline, it begins now, and is polled once it has its place.
            Drops::new()
                .watch(&label, async move { sleep(takes).await })
                .boxed()
        };
        let mut next = times.iter().position(|takes| !takes.is_zero()).map(row);
        let _under_way = self.limit.acquire().await.expect("nobody closes it");
        for step in (0..times.len()).filter(|&step| !times[step].is_zero()) {
            let step_taken = next.take().unwrap_or_else(|| row(step));
            let place = match step {
                1 => Some(self.connections.acquire().await),
                2 => Some(self.cores.acquire().await),
                _ => None,
            };
            step_taken.await;
            drop(place);
        }
    }
}

/// What a request does, in its order.
const STEPS: [&str; 3] = ["calls", "query", "compute"];
