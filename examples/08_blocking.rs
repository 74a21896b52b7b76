//! Blocking: keep the event loop alive.
//!
//! A runtime's thread goes to the next task only where the present one gives way. What computes, or blocks
//! the thread in any other way, stops every task, timer and connection beside it.
//!
//!     cargo run --example 08_blocking
//!
//! runs a request of 1 s that blocks the thread, and one that waits; then it computes eight steps in five ways.
//! A sibling task beats whenever it gets its turn, and a line shows where. Three lines are flat; the others are
//!
//!     spawn_blocking     /\/\/\/\/\/\/\/\/\/\/\/\/\/\/\   67196 beats, computed on another thread
//!     yield_now          __/\__/\__/\__/\__/\__/\__/\__     426 beats, computed on the runtime's thread
//!
//! How many beats there are depends on the machine; whether there are any does not. With
//! `WORKBOOK_CLOCK=virtual` it prints `some` for a number above 0, and is exact.

use std::{error::Error, time::Duration};

use async_workbook::{
    clock::Clock,
    probes::heartbeat::{self, Heartbeat},
    services::cpu_work::CpuWork,
};
use futures::{StreamExt as _, stream};
use tokio::{
    task::{spawn_blocking, yield_now},
    time::sleep,
};

fn main() -> Result<(), Box<dyn Error>> {
    let clock = Clock::from_env()?;
    clock.runtime()?.block_on(lesson(clock));
    Ok(())
}

async fn lesson(clock: Clock) {
    println!("A request that takes 1 s, beside a ticker of 100 ms:\n");
    ticks_during("std::thread::sleep", blocks()).await;
    ticks_during("tokio::time::sleep", sleep(Duration::from_secs(1))).await;

    println!("\nEight steps of computing: /\\ where a sibling task ran, __ where it could not:\n");
    beats_during("async fn", clock, inline).await;
    beats_during("spawn", clock, spawned).await;
    beats_during("ready awaits", clock, ready_awaits).await;
    beats_during("spawn_blocking", clock, on_another_thread).await;
    beats_during("yield_now", clock, cooperative).await;
}

// ANCHOR: blocks
#[expect(clippy::disallowed_methods, reason = "it is what the lesson is about")]
async fn blocks() {
    std::thread::sleep(Duration::from_secs(1));
}
// ANCHOR_END: blocks

/// `fib(24)`, eight times.
fn compute(cpu_work: &CpuWork) -> u64 {
    (0..8).map(|_| cpu_work.fib(24)).sum()
}

// ANCHOR: flat
async fn inline(cpu_work: CpuWork) -> u64 {
    // `async` moves nothing: this runs on the thread that polls it, from beginning to end.
    compute(&cpu_work)
}

async fn spawned(cpu_work: CpuWork) -> u64 {
    // A task of its own, which takes turns with the others on the same thread.
    let task = tokio::spawn(async move { compute(&cpu_work) });
    task.await.expect("nothing panics")
}

async fn ready_awaits(cpu_work: CpuWork) -> u64 {
    let mut sum = 0;
    for _ in 0..8 {
        // The inner future is ready when it is first polled, and so this await does not give way.
        sum += async { cpu_work.fib(24) }.await;
    }
    sum
}
// ANCHOR_END: flat

// ANCHOR: alive
async fn on_another_thread(cpu_work: CpuWork) -> u64 {
    let job = spawn_blocking(move || compute(&cpu_work));
    job.await.expect("nothing panics")
}

async fn cooperative(cpu_work: CpuWork) -> u64 {
    let mut sum = 0;
    for _ in 0..8 {
        sum += cpu_work.fib(24);
        yield_now().await;
    }
    sum
}
// ANCHOR_END: alive

/// Counts how often a ticker gets its turn before `request` is done.
async fn ticks_during(name: &str, request: impl Future<Output = ()>) {
    let ticker = stream::repeat(()).then(|()| sleep(Duration::from_millis(100)));
    let ticks = ticker.take_until(request).count().await;
    println!("{name:18} {ticks} ticks");
}

/// Computes beside a beating heart, and draws in which steps it beat, or between which.
async fn beats_during(name: &str, clock: Clock, way: impl AsyncFnOnce(CpuWork) -> u64) {
    let cpu_work = CpuWork::new(&Heartbeat::start());
    assert_eq!(way(cpu_work.clone()).await, 8 * 46_368);

    let steps: Vec<_> = cpu_work.calls().iter().map(|call| call.stage).collect();
    let beats = match (steps[7].to - steps[0].from, clock) {
        (0, _) => "0".to_owned(),
        (_, Clock::Virtual) => "some".to_owned(),
        (beats, Clock::Real) => beats.to_string(),
    };
    let (line, place) = (heartbeat::line(&steps), steps[0].place());
    println!("{name:18} {line}  {beats:>6} beats, computed on {place}");
}
