//! One loop with three timers, each of which bounds something else; and a future that is lent.

use std::{fmt::Write as _, pin::pin, time::Duration};

use tokio::{
    sync::mpsc::{self, Receiver},
    time::{Instant, interval, sleep, timeout},
};

use crate::call::{Page, fetch, ms, timed};

const SECOND: Duration = Duration::from_secs(1);

// ANCHOR: silence
/// A new `sleep` in each turn: every message starts the second again.
async fn silence(mut messages: Receiver<()>, mut fire: impl FnMut()) {
    loop {
        tokio::select! {
            message = messages.recv() => if message.is_none() { return },
            () = sleep(SECOND) => fire(),
        }
    }
}
// ANCHOR_END: silence

// ANCHOR: whole
/// One `sleep`, made before the loop and lent to each turn.
async fn whole(mut messages: Receiver<()>, mut fire: impl FnMut()) {
    let mut second = pin!(sleep(SECOND));
    loop {
        tokio::select! {
            message = messages.recv() => if message.is_none() { return },
            () = &mut second => return fire(),
        }
    }
}
// ANCHOR_END: whole

// ANCHOR: every
/// One `interval`, made before the loop.
async fn every(mut messages: Receiver<()>, mut fire: impl FnMut()) {
    let mut seconds = interval(SECOND);
    loop {
        tokio::select! {
            message = messages.recv() => if message.is_none() { return },
            _ = seconds.tick() => fire(),
        }
    }
}
// ANCHOR_END: every

// ANCHOR: lent
/// A page, and whether it was late. It isn't dropped for being late.
async fn noticed(limit: Duration) -> (Page, bool) {
    let mut call = pin!(fetch("report", 300));
    match timeout(limit, &mut call).await {
        Ok(page) => (page, false),
        Err(_elapsed) => (call.await, true), // It goes on where it was.
    }
}
// ANCHOR_END: lent

/// Whether a future may be moved once it has been polled.
fn may_be_moved<F: Future + Unpin>(_: &F) -> bool {
    true
}

/// Sends a message every 300 ms for 10.5 s, and says when the timer fired.
async fn fired<W>(way: impl FnOnce(Receiver<()>, Box<dyn FnMut()>) -> W) -> String
where
    W: Future<Output = ()>,
{
    let (sender, messages) = mpsc::channel(1);
    let source = async move {
        for _ in 0..35 {
            sleep(ms(300)).await;
            if sender.send(()).await.is_err() {
                return; // The loop has ended.
            }
        }
    };
    let start = Instant::now();
    let (fired, times) = std::sync::mpsc::channel();
    let fire = move || fired.send(start.elapsed()).expect("the test collects them");
    tokio::join!(source, way(messages, Box::new(fire)));
    let times: Vec<String> = std::iter::from_fn(|| times.try_recv().ok())
        .inspect(|time| assert_eq!(time.subsec_nanos(), 0, "{time:?}"))
        .map(|time| time.as_secs().to_string())
        .collect();
    match times.as_slice() {
        [] => "never".to_owned(),
        times => format!("at {} s", times.join(", ")),
    }
}

#[tokio::test(start_paused = true)]
async fn the_page_says_when_each_timer_fires() {
    let mut told = String::new();
    for (name, times) in [
        ("silence", fired(silence).await),
        ("whole", fired(whole).await),
        ("every", fired(every).await),
    ] {
        writeln!(told, "{name:8} {times}").expect("a string takes everything");
    }
    assert_eq!(told, include_str!("timers.txt"));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_lent_goes_on_after_the_limit() {
    assert_eq!(timed(noticed(ms(100))).await, (("report", true), ms(300)));
    assert_eq!(timed(noticed(ms(400))).await, (("report", false), ms(300)));
}

#[tokio::test(start_paused = true)]
async fn a_pinned_future_may_be_moved_by_its_pointer() {
    let on_the_stack = pin!(fetch("report", 300));
    let on_the_heap = Box::pin(fetch("report", 300));
    assert!(may_be_moved(&on_the_stack) && may_be_moved(&on_the_heap));
}
