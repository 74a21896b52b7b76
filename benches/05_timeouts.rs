//! Chapter 05: the 99th percentile of a service with a slow tail, unhedged and hedged.

use std::{
    pin::pin,
    process::ExitCode,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use futures::future::join_all;
use suite::{Suite, runtime};
use tokio::time::{sleep, timeout};

/// One call in so many takes longer than the others.
const SLOW_EVERY: usize = 20;
const USUAL: Duration = Duration::from_millis(20);
const SLOW: Duration = Duration::from_millis(200);
/// Longer than the usual call, so that one call in twenty is made twice, and no more.
const HEDGE_AFTER: Duration = Duration::from_millis(40);

fn main() -> ExitCode {
    suite::main(bench)
}

fn bench(suite: &mut Suite) {
    let runtime = runtime();
    // Not how long the calls take together, but how long the 99th of 100 took.
    suite
        .scenario("05_timeouts", "p99 of 100 calls, 5 of them slow", 1, None)
        .way("unhedged", Some(SLOW), |bencher| {
            bencher.iter_custom(|rounds| runtime.block_on(p99_of_rounds(rounds, unhedged)));
        })
        .way("hedged", Some(HEDGE_AFTER + USUAL), |bencher| {
            bencher.iter_custom(|rounds| runtime.block_on(p99_of_rounds(rounds, hedged)));
        });
}

#[derive(Default)]
struct Service(AtomicUsize);

impl Service {
    async fn call(&self) {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        let slow = number % SLOW_EVERY == SLOW_EVERY - 1;
        sleep(if slow { SLOW } else { USUAL }).await;
    }
}

async fn unhedged(service: &Service) {
    service.call().await;
}

async fn hedged(service: &Service) {
    let mut first = pin!(service.call());
    if timeout(HEDGE_AFTER, &mut first).await.is_err() {
        tokio::select! {
            () = first => {}
            () = service.call() => {}
        }
    }
}

async fn p99_of_rounds(rounds: u64, policy: impl AsyncFn(&Service)) -> Duration {
    let mut sum = Duration::ZERO;
    for _ in 0..rounds {
        let service = Service::default();
        let calls = (0..100).map(async |_| {
            let start = Instant::now();
            policy(&service).await;
            start.elapsed()
        });
        let mut took = join_all(calls).await;
        took.sort_unstable();
        sum += took[98];
    }
    sum
}
