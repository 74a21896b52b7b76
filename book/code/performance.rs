//! What the page on performance says of measuring: a stall is found on a program that has one.

use std::{
    cell::{Cell, RefCell},
    future::poll_fn,
    hint,
    pin::pin,
    time::{Duration, Instant},
};

use async_workbook::{harness::ms, services::server::Server};
use futures::future::join_all;
use tokio::{
    join,
    runtime::Handle,
    time::{self, sleep, sleep_until},
};

// ANCHOR: stall
/// Looks up what it needs, renders a page, and stores it.
async fn page() -> usize {
    sleep(ms(2)).await;
    let page = render();
    sleep(ms(2)).await;
    page
}

/// Computes for 30 ms, and doesn't give way meanwhile.
fn render() -> usize {
    let (began, mut steps) = (Instant::now(), 0);
    while began.elapsed() < ms(30) {
        steps += 1;
        hint::spin_loop();
    }
    steps
}
// ANCHOR_END: stall

// ANCHOR: busy
/// Awaits `work`, and says for what part of that time the runtime's threads were busy.
async fn busy_part(work: impl Future) -> f64 {
    let metrics = Handle::current().metrics();
    let busy = || -> Duration {
        let workers = 0..metrics.num_workers();
        workers
            .map(|worker| metrics.worker_total_busy_duration(worker))
            .sum()
    };
    let (before, began) = (busy(), Instant::now());
    work.await;
    let most = began.elapsed() * metrics.num_workers() as u32;
    (busy() - before).as_secs_f64() / most.as_secs_f64()
}
// ANCHOR_END: busy

// ANCHOR: slow_polls
/// Awaits `work`, and reports each poll that keeps its thread for longer than `limit`.
async fn slow_polls<F: Future>(limit: Duration, report: impl Fn(Duration), work: F) -> F::Output {
    let mut work = pin!(work);
    poll_fn(|context| {
        // The clock of `std`: in a test, tokio's may be paused.
        let began = Instant::now();
        let polled = work.as_mut().poll(context);
        let took = began.elapsed();
        if took > limit {
            report(took);
        }
        polled
    })
    .await
}
// ANCHOR_END: slow_polls

#[tokio::test]
async fn a_stall_shows_in_the_runtimes_metrics_and_in_the_polls() {
    let reported = RefCell::new(Vec::new());
    let report = |took| reported.borrow_mut().push(took);
    let busy = busy_part(slow_polls(ms(10), report, page())).await;
    // The page alone takes 30 ms of 34, on a machine that has nothing else to do.
    assert!(busy > 0.0, "{busy}");
    let longest = reported.borrow().iter().max().copied();
    assert!(
        longest.is_some_and(|longest| longest >= ms(30)),
        "{longest:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn waiting_is_no_slow_poll() {
    let slow = Cell::new(0);
    let waits = async {
        for _ in 0..3 {
            sleep(Duration::from_secs(3600)).await;
        }
    };
    slow_polls(Duration::from_secs(1), |_| slow.set(slow.get() + 1), waits).await;
    assert_eq!(slow.get(), 0);
}

// ANCHOR: little
/// How many requests are in the system on average, as somebody sees who passes by every 2 ms, and how many there should be
/// by Little's law.
async fn seen_and_computed(server: &Server, every: Duration) -> (f64, f64) {
    const REQUESTS: u32 = 1_000;
    let start = time::Instant::now();
    let calls = (0..REQUESTS).map(|request| async move {
        let due = start + every * request;
        sleep_until(due).await;
        server.call().await.expect("it never fails");
        due.elapsed()
    });
    let passing_by = async {
        let (mut seen, mut passes) = (0, 0);
        sleep(ms(1)).await;
        while server.in_flight() > 0 || server.calls().len() < REQUESTS as usize {
            seen += server.in_flight();
            passes += 1;
            sleep(ms(2)).await;
        }
        f64::from(u32::try_from(seen).expect("it's a small number")) / f64::from(passes)
    };
    let (latencies, seen) = join!(join_all(calls), passing_by);
    let mean = latencies.iter().sum::<Duration>() / REQUESTS;
    let rate = f64::from(REQUESTS) / start.elapsed().as_secs_f64();
    (seen, rate * mean.as_secs_f64())
}
// ANCHOR_END: little

#[tokio::test(start_paused = true)]
async fn the_number_in_the_system_is_rate_times_time() {
    // The passer-by comes at odd milliseconds, and whatever else happens does at even ones. The third of these falls behind.
    for (workers, takes, every) in [(1, 6, 8), (1, 6, 6), (1, 10, 8), (3, 20, 8), (2, 30, 16)] {
        let server = Server::new(ms(takes)).workers(workers);
        let (seen, computed) = seen_and_computed(&server, ms(every)).await;
        assert!(
            (seen / computed - 1.0).abs() < 0.02,
            "{seen} and {computed}"
        );
    }
}

#[test]
fn a_rank_in_floats_may_be_one_too_large() {
    assert_eq!((0.07_f64 * 100.0).ceil(), 8.0);
    assert_eq!((7_usize * 100).div_ceil(100), 7);
}
