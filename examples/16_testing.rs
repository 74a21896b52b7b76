//! Testing: tests that catch wrong code.
//!
//! The paused clock makes tests fast and exact, until something real is in them. And a test that runs once sees one order
//! of many.
//!
//!     cargo run --example 16_testing
//!
//! makes calls over real sockets on the paused clock, without and with a hold, and prints
//!
//!     On the paused clock: 0 of 10 answered, after 30.0 s
//!     Held: 10 of 10 answered, after 0 ms
//!
//! with the timeline of the first. Then it runs two tasks in every order, and two threads. It takes about three seconds.
//! With `WORKBOOK_CLOCK=virtual` it leaves out the calls on the real clock.

use std::{cell::Cell, error::Error, time::Duration};

use async_workbook::clock::{Clock, Hold, Readable, timed};
use async_workbook::probes::schedules::{every, interleave};
use async_workbook::timeline::Recorder;
use futures::future::{LocalBoxFuture, join_all};
use tokio::{task::yield_now, time::timeout};

#[path = "16_testing/log.rs"]
mod log;
#[path = "16_testing/service.rs"]
mod service;
#[path = "16_testing/threads.rs"]
mod threads;

use log::Log;
use service::Service;

const SECOND: Duration = Duration::from_secs(1);
const CALLS: usize = 10;

fn main() -> Result<(), Box<dyn Error>> {
    let service = Service::start()?;
    if Clock::from_env()? == Clock::Real {
        let (answered, took) = Clock::Real.runtime()?.block_on(timed(calls(&service)));
        report("On the real clock", answered, took);
    }
    let recorder = Recorder::new();
    let attached = recorder.attach();
    let lie = recorder.watch(calls(&service));
    let (answered, timeline) = Clock::Virtual.runtime()?.block_on(lie);
    report("On the paused clock", answered, timeline.total);
    println!("\n{timeline}");
    drop(attached);
    let (answered, took) = Clock::Virtual.runtime()?.block_on(timed(held(&service)));
    report("Held", answered, took);

    Clock::Virtual.runtime()?.block_on(orders());
    threads::report("Threads that load, then store", threads::load_and_store);
    threads::report("Threads that use `fetch_add`", threads::fetch_add);
    Ok(())
}

fn report(how: &str, answered: usize, took: Duration) {
    let took = Readable(took);
    println!("{how}: {answered} of {CALLS} answered, after {took}");
}

// ANCHOR: calls
/// Calls over real sockets, to a service that answers within a second. Each has a timeout of 30 s.
async fn calls(service: &Service) -> usize {
    let calls = (1..=CALLS).map(|call| timeout(30 * SECOND, service.call(call)));
    let answers = join_all(calls).await.into_iter().flatten();
    answers.flatten().count()
}
// ANCHOR_END: calls

// ANCHOR: held
/// The same calls, while the clock stands still.
async fn held(service: &Service) -> usize {
    let hold = Hold::new();
    let answered = calls(service).await;
    hold.release().await;
    answered
}
// ANCHOR_END: held

// ANCHOR: orders
/// Reads, awaits something, and writes. If another task writes in between, that's overwritten.
async fn add(count: &Cell<u32>, log: &Log) {
    let before = count.get();
    log.says(format!("reads {before}"));
    yield_now().await;
    count.set(before + 1);
    log.says(format!("writes {}", before + 1));
}

/// Has two awaits before it adds, so that `join!` never finds the two between read and write.
async fn add_later(count: &Cell<u32>, log: &Log) {
    yield_now().await;
    yield_now().await;
    add(count, log).await;
}

async fn orders() {
    let (count, [log, other]) = (Cell::new(0), Log::pair());
    futures::join!(add(&count, &log), add_later(&count, &other));
    println!("\n`join!` runs one order, and counts {}", count.get());
    let mut lost = Vec::new();
    let all = every(async |choices| {
        let (count, [log, other]) = (Cell::new(0), Log::pair());
        let first: LocalBoxFuture<'_, ()> = Box::pin(add(&count, &log));
        interleave(choices, vec![first, Box::pin(add_later(&count, &other))]).await;
        if count.get() < 2 {
            lost.push(log.to_string());
        }
    })
    .await;
    let some = lost.len();
    println!("Orders of two tasks: {all}, and {some} of them lose an addition, such as");
    println!("\n{}", lost[0]);
}
// ANCHOR_END: orders
