//! What the page about streams says of streams made by hand, merged streams, and streams to a browser.

use std::{
    convert::Infallible,
    pin::{Pin, pin},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    response::{
        Sse,
        sse::{Event, KeepAlive},
    },
    routing::get,
};
use futures::{Stream, StreamExt as _, stream};
use tokio::{
    sync::watch,
    task::yield_now,
    time::{Instant, sleep, timeout},
};
use tower::ServiceExt as _;

use crate::call::ms;

// ANCHOR: poll_next
/// `std` has no stable trait like it: this is `futures::Stream`, and here is all of it that you have to write.
struct Countdown(u32);

impl Stream for Countdown {
    type Item = u32;

    fn poll_next(mut self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<Option<u32>> {
        if self.0 == 0 {
            return Poll::Ready(None); // The end.
        }
        self.0 -= 1;
        Poll::Ready(Some(self.0)) // Or `Pending`, as a future does, once the waker is stored.
    }
}
// ANCHOR_END: poll_next

#[tokio::test]
async fn a_stream_by_hand_gives_its_items_and_ends() {
    let counted: Vec<u32> = Countdown(3).collect().await;
    assert_eq!(counted, [2, 1, 0]);
}

// ANCHOR: progress
/// The progress of a job, as a browser's `EventSource` reads it: `data: 10 %`, and a blank line.
async fn progress(
    State(percent): State<watch::Receiver<u32>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let events = stream::unfold(percent, |mut percent| async {
        // Ends when the job is done and its sender is gone. The newest value is enough: a slow client skips the rest.
        percent.changed().await.ok()?;
        let now = *percent.borrow_and_update();
        Some((Ok(Event::default().data(format!("{now} %"))), percent))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}
// ANCHOR_END: progress

async fn open(percent: watch::Receiver<u32>) -> impl Stream<Item = String> {
    let app = Router::new()
        .route("/progress", get(progress))
        .with_state(percent);
    let request = Request::get("/progress").body(Body::empty());
    let response = app.oneshot(request.expect("the path is one")).await;
    let body = response.expect("a router does not fail").into_body();
    let chunks = body.into_data_stream();
    chunks.map(|chunk| String::from_utf8_lossy(&chunk.expect("it doesn't break")).into_owned())
}

#[tokio::test(start_paused = true)]
async fn the_progress_of_a_job_is_streamed_and_ends_with_it() {
    let (job, percent) = watch::channel(0);
    let mut body = pin!(open(percent).await);
    job.send_replace(10);
    assert_eq!(body.next().await.as_deref(), Some("data: 10 %\n\n"));
    // A slow client gets the newest value.
    for percent in 11..=60 {
        job.send_replace(percent);
    }
    assert_eq!(body.next().await.as_deref(), Some("data: 60 %\n\n"));
    // Nothing for 15 s: a comment.
    let start = Instant::now();
    assert_eq!(body.next().await.as_deref(), Some(":\n\n"));
    assert_eq!(start.elapsed(), ms(15_000));
    drop(job);
    assert_eq!(body.next().await, None);
}

#[tokio::test]
async fn the_body_is_dropped_with_the_response_and_the_receiver_with_the_body() {
    let (job, percent) = watch::channel(0);
    let body = open(percent).await;
    assert!(!job.is_closed());
    drop(body);
    yield_now().await;
    assert!(job.is_closed());
}

fn ticking(every: Duration, times: u32) -> impl Stream<Item = Duration> {
    let start = Instant::now();
    stream::iter(0..times).then(move |_| async move {
        sleep(every).await;
        start.elapsed()
    })
}

#[tokio::test(start_paused = true)]
async fn a_next_that_is_dropped_loses_nothing() {
    let start = Instant::now();
    let mut ticks = pin!(ticking(ms(100), 2));
    assert!(timeout(ms(60), ticks.next()).await.is_err());
    assert_eq!(ticks.next().await, Some(ms(100)));
    assert_eq!(start.elapsed(), ms(100));
    assert_eq!(ticks.next().await, Some(ms(200)));
}

fn nothing() -> impl Stream<Item = u32> {
    stream::unfold((), |()| async { None })
}

#[tokio::test]
#[should_panic(expected = "Unfold must not be polled after it returned")]
async fn an_unfold_may_not_be_asked_after_its_end() {
    let mut stream = pin!(nothing());
    assert_eq!(stream.next().await, None);
    let _panics = stream.next().await;
}

#[tokio::test]
async fn a_fused_stream_may_be_asked_after_its_end() {
    let mut stream = pin!(nothing().fuse());
    for _ in 0..3 {
        assert_eq!(stream.next().await, None);
    }
}

// ANCHOR: merged
/// Whichever has an item gives the next. It ends when both have ended.
fn merged() -> impl Stream<Item = Duration> {
    stream::select(ticking(ms(100), 3), ticking(ms(250), 2))
}
// ANCHOR_END: merged

#[tokio::test(start_paused = true)]
async fn merged_streams_end_when_both_have() {
    let all: Vec<u128> = merged().map(|at| at.as_millis()).collect().await;
    assert_eq!(all, [100, 200, 250, 300, 500]);
    // A stream that never ends keeps the merged one from ending.
    let endless = stream::select(stream::iter([1, 2]), stream::pending());
    assert!(timeout(ms(3_600_000), endless.count()).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_buffer_of_none_never_asks_its_stream() {
    let calls = || stream::iter([1, 2]).map(std::future::ready);
    assert!(
        timeout(ms(3_600_000), calls().buffered(0).count())
            .await
            .is_err()
    );
    assert_eq!(calls().buffered(1).count().await, 2);
}

#[tokio::test(start_paused = true)]
async fn a_buffer_polls_a_new_call_only_when_none_before_it_is_ready() {
    // At 1,100 ms the loop asks for the second output. The buffer takes the third call in, and hands out the second without
    // polling the third, which begins when the loop asks again.
    let start = Instant::now();
    let calls = stream::iter(1..=3).map(|_| async {
        let began = start.elapsed();
        sleep(ms(100)).await;
        began
    });
    let mut calls = pin!(calls.buffered(2));
    let mut began = Vec::new();
    while let Some(at) = calls.next().await {
        began.push(at.as_millis());
        sleep(ms(1000)).await;
    }
    assert_eq!(began, [0, 0, 2100]);
}
