//! Two requests on one thread, and which of them has the thread when.

use std::{
    cell::RefCell,
    fmt::{self, Write as _},
};

use async_workbook::{
    services::upstream::Upstream,
    timeline::{Recorder, Timeline},
};
use tokio::time::{Instant, sleep};

use crate::{call::ms, drawn};

// ANCHOR: request
/// Two waits, one after the other.
async fn request(name: &str, upstream: &Upstream, log: &Log) {
    log.note(name, "arrives, asks for user");
    upstream.fetch(&format!("{name}: user")).await;

    log.note(name, "has user, asks for orders");
    upstream.fetch(&format!("{name}: orders")).await;

    log.note(name, "has orders, replies");
}

async fn two_requests(upstream: &Upstream, log: &Log) {
    let a = request("A", upstream, log);
    let b = async {
        sleep(ms(100)).await; // B arrives 0.1 s after A.
        request("B", upstream, log).await;
    };
    tokio::join!(a, b);
}
// ANCHOR_END: request

/// What a thread does that each call blocks: B begins when A has its reply.
async fn one_at_a_time(upstream: &Upstream, log: &Log) {
    request("A", upstream, log).await;
    request("B", upstream, log).await;
}

/// What happened when, by tokio's clock.
struct Log {
    start: Instant,
    lines: RefCell<String>,
}

impl Log {
    fn new() -> Self {
        Self {
            start: Instant::now(),
            lines: RefCell::default(),
        }
    }

    fn note(&self, name: &str, what: &str) {
        let at = self.start.elapsed().as_millis();
        writeln!(self.lines.borrow_mut(), "{at:3} ms  {name} {what}")
            .expect("a string takes everything");
    }
}

impl fmt::Display for Log {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.lines.borrow())
    }
}

fn upstream() -> Upstream {
    Upstream::builder()
        .page("A: user", ms(200))
        .page("A: orders", ms(300))
        .page("B: user", ms(200))
        .page("B: orders", ms(100))
        .build()
}

async fn run(requests: impl AsyncFnOnce(&Upstream, &Log)) -> (String, Timeline) {
    let recorder = Recorder::new();
    let _attached = recorder.attach();
    let (upstream, log) = (upstream(), Log::new());
    let ((), timeline) = recorder.watch(requests(&upstream, &log)).await;
    (log.to_string(), timeline)
}

#[tokio::test(start_paused = true)]
async fn two_requests_take_turns_on_one_thread() {
    let (log, timeline) = run(two_requests).await;
    assert_eq!(log, include_str!("two_requests.txt"));
    drawn::keep("two_requests", &[timeline]);
}

#[tokio::test(start_paused = true)]
async fn a_thread_that_blocks_begins_the_second_request_after_the_first() {
    let (log, timeline) = run(one_at_a_time).await;
    assert!(log.contains("500 ms  B arrives"), "{log}");
    assert!(log.ends_with("800 ms  B has orders, replies\n"), "{log}");
    assert_eq!(timeline.total, ms(800));
}
