//! Runs the load on a paused clock, whose timer rounds up to a millisecond.

use std::{sync::Arc, thread, time::Duration};

use async_workbook::services::workload::Workload;
use futures::future::join_all;
use tokio::{
    runtime::Builder,
    sync::Semaphore,
    time::{Instant, sleep, sleep_until},
};

pub fn predict(workload: &Workload) -> Duration {
    thread::scope(|scope| {
        let run = scope.spawn(|| {
            let runtime = Builder::new_current_thread()
                .enable_time()
                .start_paused(true)
                .build();
            runtime
                .expect("it can be built")
                .block_on(really_run(workload))
        });
        run.join().expect("it doesn't panic")
    })
}

async fn really_run(workload: &Workload) -> Duration {
    let of = |places: u32| Arc::new(Semaphore::new(places as usize));
    let (limit, connections, cores) = (
        of(workload.limit),
        of(workload.connections),
        of(workload.cores),
    );
    let (limit, connections, cores) = (&limit, &connections, &cores);
    let start = Instant::now();
    join_all((0..workload.requests).map(|i| async move {
        sleep_until(start + workload.every * i).await;
        let _under_way = limit.acquire().await.expect("it is never closed");
        join_all(workload.calls.iter().map(|&call| sleep(call))).await;
        if !workload.query.is_zero() {
            let _connection = connections.acquire().await.expect("it is never closed");
            sleep(workload.query).await;
        }
        if !workload.compute.is_zero() {
            let _core = cores.acquire().await.expect("it is never closed");
            sleep(workload.compute).await;
        }
    }))
    .await;
    start.elapsed()
}
