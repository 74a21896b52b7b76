//! Performance: predict, then measure.
//!
//! What requests wait in line for decides how long they take, so it can be worked out beforehand.
//!
//!     cargo run --example 18_performance
//!
//! sends a hundred queries over pools of several sizes, puts a server under more and more load, and measures one that
//! stands still for a while in two ways. With `WORKBOOK_CLOCK=virtual`, it makes more requests, and the last figures are
//!
//!     one after another    p50 2 ms     p99 2 ms     longest 0.552 s
//!     each when it's due   p50 52 ms    p99 0.542 s  longest 0.552 s

#[path = "18_performance/latencies.rs"]
mod latencies;

use std::{error::Error, time::Duration};

use async_workbook::{
    clock::{Clock, Readable, timed},
    harness::ms,
    services::server::Server,
    timeline::Recorder,
};
use futures::future::join_all;
use latencies::Latencies;
use tokio::{
    join,
    sync::Semaphore,
    task::JoinSet,
    time::{Instant, interval, sleep, sleep_until},
};

fn main() -> Result<(), Box<dyn Error>> {
    let clock = Clock::from_env()?;
    clock.runtime()?.block_on(lesson(clock))
}

async fn lesson(clock: Clock) -> Result<(), Box<dyn Error>> {
    let recorder = Recorder::new();
    recorder.install()?;
    // All of these at the same time: they share nothing, and real time is short.
    let (sizes, loads) = ([1, 5, 10, 20, 50, 100], [50, 70, 80, 90, 95]);
    let requests = if clock == Clock::Virtual { 10_000 } else { 100 };
    let pools = join_all(sizes.map(over_a_pool));
    let under_load = join_all(loads.map(|load| under_load(load, requests)));
    let (pools, under_load) = join!(pools, under_load);

    println!("100 queries of 10 ms, each over one of so many connections:\n");
    for (size, took) in sizes.into_iter().zip(pools) {
        let [predicted, took] = [ms(10) * 100_u32.div_ceil(size), took].map(Readable);
        println!("{size:>3}   predicted {predicted:6}   measured {took}");
    }
    println!("\nOne worker, 5 ms for a request. Requests come at random:\n");
    for (load, latencies) in loads.into_iter().zip(under_load) {
        println!("load {load} %   {}", latencies.line(load));
    }
    println!("\n200 requests of 2 ms, one every 5 ms. The server stands still for 0.55 s:\n");
    let server = || Server::new(ms(2)).stands_still(ms(250), ms(800));
    let (in_turn, first) = recorder.watch(one_after_another(server())).await;
    let (when_due, second) = recorder.watch(each_when_due(server())).await;
    in_turn.print("one after another");
    when_due.print("each when it's due");
    println!("\nin flight, one after another:\n\n{}", first.gauge());
    println!("in flight, each when it's due:\n\n{}", second.gauge());
    Ok(())
}

// ANCHOR: pools
async fn over_a_pool(connections: u32) -> Duration {
    let pool = &Semaphore::new(connections as usize);
    let queries = (0..100).map(|_| async move {
        let _connection = pool.acquire().await.expect("nobody closes it");
        sleep(ms(10)).await;
    });
    timed(join_all(queries)).await.1
}
// ANCHOR_END: pools

// ANCHOR: load
/// With a load of 80 %, the worker has something to do for 80 % of the time.
async fn under_load(percent: u64, requests: usize) -> Latencies {
    let (server, start) = (Server::new(ms(5)).workers(1), Instant::now());
    // A throw of dice each millisecond, always the same ones.
    let mut dice = 18_u64;
    let arrivals = (0..).filter(|_| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (dice >> 33) % 1000 < percent * 2
    });
    let calls = arrivals.take(requests).map(|millis| {
        let call = server.call();
        async move {
            sleep_until(start + ms(millis)).await;
            timed(call).await.1
        }
    });
    Latencies(join_all(calls).await)
}
// ANCHOR_END: load

// ANCHOR: two_ways
async fn one_after_another(server: Server) -> Latencies {
    let (mut ticks, mut latencies) = (interval(ms(5)), Vec::new());
    for _ in 0..200 {
        ticks.tick().await;
        // While the server stands still, this makes no other request, and so measures none.
        latencies.push(timed(server.call()).await.1);
    }
    Latencies(latencies)
}

async fn each_when_due(server: Server) -> Latencies {
    let (mut ticks, mut requests) = (interval(ms(5)), JoinSet::new());
    for _ in 0..200 {
        ticks.tick().await;
        requests.spawn(timed(server.call()));
    }
    let answers = requests.join_all().await.into_iter();
    Latencies(answers.map(|(_, took)| took).collect())
}
// ANCHOR_END: two_ways
