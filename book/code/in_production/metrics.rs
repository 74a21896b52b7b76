//! Pitfalls that show in the runtime's metrics. All of these metrics are stable: they need no `tokio_unstable`.

use std::{
    future::pending,
    iter,
    sync::mpsc::{Receiver, RecvTimeoutError},
    thread,
    time::Duration,
};

use tokio::{
    runtime::{Handle, RuntimeMetrics},
    time::{sleep, timeout},
};
use tracing::{info, warn};

use crate::workers::{block, runtime};

// ANCHOR: sample
/// What the runtime says of itself at one moment.
struct Sample {
    tasks: usize,
    queued: usize,
    busy: Vec<Duration>,
    turns: Vec<u64>,
}

impl Sample {
    fn take(metrics: &RuntimeMetrics) -> Self {
        let workers = 0..metrics.num_workers();
        let busy = |worker| metrics.worker_total_busy_duration(worker);
        let turns = |worker| metrics.worker_park_unpark_count(worker);
        Self {
            tasks: metrics.num_alive_tasks(),
            queued: metrics.global_queue_depth(),
            busy: workers.clone().map(busy).collect(),
            turns: workers.map(turns).collect(),
        }
    }

    /// How many workers haven't stopped once since then. A worker counts when it parks and when it goes on, so an even
    /// count is a worker that runs, and the same even count twice is one that never parked in between.
    fn stuck_since(&self, earlier: &Self) -> usize {
        iter::zip(&earlier.turns, &self.turns)
            .filter(|(then, now)| then == now && now.is_multiple_of(2))
            .count()
    }

    /// How busy the workers were since then, all together. A worker reports when it parks: a blocked one adds
    /// nothing, and then everything at once.
    fn busy_since(&self, earlier: &Self) -> Duration {
        let busy = |sample: &Self| sample.busy.iter().sum::<Duration>();
        busy(self).saturating_sub(busy(earlier))
    }
}
// ANCHOR_END: sample

// ANCHOR: report
/// Logs the metrics again and again, until the other end of `stopped` is dropped.
///
/// Start it on a thread of its own: a task would be stuck with everything else when all workers are blocked.
fn report(runtime: &Handle, every: Duration, stopped: &Receiver<()>) {
    let metrics = runtime.metrics();
    let mut earlier = Sample::take(&metrics);
    while stopped.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
        let now = Sample::take(&metrics);
        let busy = now.busy_since(&earlier);
        info!(tasks = now.tasks, queued = now.queued, ?busy, "runtime");
        let stuck = now.stuck_since(&earlier);
        if stuck > 0 {
            warn!(stuck, "workers that have not parked once in {every:?}");
        }
        earlier = now;
    }
}
// ANCHOR_END: report

#[test]
fn one_blocked_worker_of_four_never_parks() {
    let runtime = runtime(4);
    let metrics = runtime.metrics();
    let release = block(&runtime, 1);

    let earlier = Sample::take(&metrics);
    let stuck = loop {
        thread::yield_now(); // The three idle ones park soon, if they haven't already.
        let stuck = Sample::take(&metrics).stuck_since(&earlier);
        if stuck <= 1 {
            break stuck;
        }
    };
    assert_eq!(stuck, 1);

    drop(release);
    while Sample::take(&metrics).stuck_since(&earlier) > 0 {
        thread::yield_now(); // It parks as well, once it's free.
    }
}

#[test]
fn tasks_queue_up_when_all_workers_are_blocked() {
    let runtime = runtime(4);
    let metrics = runtime.metrics();
    let release = block(&runtime, 4);
    for _ in 0..100 {
        runtime.spawn(async {});
    }
    let sample = Sample::take(&metrics);
    assert_eq!((sample.queued, sample.tasks), (100, 104));

    drop(release);
    while Sample::take(&metrics).tasks > 0 {
        thread::yield_now();
    }
    assert_eq!(Sample::take(&metrics).queued, 0);
}

#[tokio::test(start_paused = true)]
async fn tasks_that_wait_without_a_timeout_stay_alive() {
    let metrics = Handle::current().metrics();
    for _ in 0..20 {
        tokio::spawn(pending::<()>());
        tokio::spawn(timeout(Duration::from_secs(5), pending::<()>()));
    }
    assert_eq!(Sample::take(&metrics).tasks, 40);
    sleep(Duration::from_secs(6)).await;
    assert_eq!(Sample::take(&metrics).tasks, 20);
}

#[tokio::test]
async fn a_worker_reports_its_busy_time_when_it_parks() {
    const LONG: Duration = Duration::from_millis(50);
    let metrics = Handle::current().metrics();
    sleep(Duration::from_millis(1)).await;
    let earlier = Sample::take(&metrics);
    #[expect(clippy::disallowed_methods, reason = "this is what it is about")]
    thread::sleep(LONG);
    let blocked = Sample::take(&metrics);
    assert_eq!(blocked.busy_since(&earlier), Duration::ZERO);

    sleep(Duration::from_millis(1)).await;
    assert!(Sample::take(&metrics).busy_since(&earlier) >= LONG);
}

#[test]
fn the_report_ends_when_nobody_wants_it_any_more() {
    let runtime = runtime(1);
    let (stop, stopped) = std::sync::mpsc::channel();
    let handle = runtime.handle().clone();
    let reporter = thread::spawn(move || report(&handle, Duration::from_millis(1), &stopped));
    drop(stop);
    reporter.join().expect("it does not panic");
}
