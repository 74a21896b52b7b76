//! Streams: values that come one after another, with waits in between.
//!
//! A stream does nothing until somebody asks it for an item. What runs ahead of its reader needs a bound.
//!
//!     cargo run --example 11_streams
//!
//! loads three pages while their reader lags, and prints
//!
//!     On demand: 1.15 s
//!     A buffer of 2: 0.95 s
//!     A task, and a channel of 1: 0.75 s
//!
//! give or take some milliseconds, each with its timeline. Then it draws what an interval makes of missed ticks.
//! With `WORKBOOK_CLOCK=virtual` every figure is exact.

use std::{error::Error, pin::pin, time::Duration};

use async_stream::stream;
use async_workbook::clock::{Clock, Readable};
use async_workbook::services::upstream::{Page, Upstream};
use async_workbook::timeline::Recorder;
use futures::{Stream, StreamExt as _, stream};
use tokio::time::MissedTickBehavior::{self, Burst, Delay, Skip};
use tokio::{sync::mpsc, task::JoinSet, time::interval};
use tokio_stream::wrappers::ReceiverStream;

const MS: Duration = Duration::from_millis(1);

fn main() -> Result<(), Box<dyn Error>> {
    let recorder = Recorder::new();
    recorder.install()?;
    Clock::from_env()?.runtime()?.block_on(lesson(&recorder));
    Ok(())
}

async fn lesson(recorder: &Recorder) {
    let mut service = Upstream::builder();
    for number in 1..=6 {
        let (body, work) = if number == 1 { (50, 140) } else { (100, 8) };
        for (call, takes) in [("head", 100), ("body", body), ("save", 200), ("work", work)] {
            service = service.page(format!("{call}/{number}"), takes * MS);
        }
    }
    let up = service.build();
    show(recorder, "On demand", save_all(&up, on_demand(&up))).await;
    show(recorder, "A buffer of 2", save_all(&up, buffered(&up))).await;
    let mut tasks = JoinSet::new();
    let ahead = on_a_task(&up, &mut tasks);
    show(recorder, "A task, and a channel of 1", save_all(&up, ahead)).await;
    for missed in [Burst, Delay, Skip] {
        show(recorder, &format!("{missed:?}"), ticking(&up, missed)).await;
    }
}

// ANCHOR: on_demand
async fn load(upstream: &Upstream, number: u32) -> Page {
    upstream.fetch(&format!("head/{number}")).await;
    upstream.fetch(&format!("body/{number}")).await
}

/// Runs when somebody asks for a page, and stands still at `yield` until somebody asks again.
fn on_demand(upstream: &Upstream) -> impl Stream<Item = Page> {
    stream! {
        for number in 1..=3 {
            yield load(upstream, number).await;
        }
    }
}

async fn save_all(upstream: &Upstream, pages: impl Stream<Item = Page>) {
    // `next` needs a stream that stays where it is.
    let mut pages = pin!(pages);
    while let Some(page) = pages.next().await {
        upstream.fetch(&page.path.replace("body", "save")).await;
    }
}
// ANCHOR_END: on_demand

// ANCHOR: buffered
/// Two loads at a time, but only while somebody awaits `next`.
fn buffered(upstream: &Upstream) -> impl Stream<Item = Page> {
    let loads = stream::iter(1..=3).map(|number| load(upstream, number));
    loads.buffered(2)
}
// ANCHOR_END: buffered

// ANCHOR: on_a_task
/// The same on a task, which the runtime polls. The channel's bound says how far it may run ahead.
fn on_a_task(upstream: &Upstream, tasks: &mut JoinSet<()>) -> impl Stream<Item = Page> + use<> {
    let (sender, pages) = mpsc::channel(1);
    let upstream = upstream.clone();
    tasks.spawn(async move {
        let mut pages = pin!(buffered(&upstream));
        while let Some(page) = pages.next().await {
            // Waits while the channel is full. An error says that the reader has gone.
            if sender.send(page).await.is_err() {
                return;
            }
        }
    });
    ReceiverStream::new(pages)
}
// ANCHOR_END: on_a_task

// ANCHOR: ticking
async fn ticking(upstream: &Upstream, missed: MissedTickBehavior) {
    let mut ticks = interval(40 * MS);
    ticks.set_missed_tick_behavior(missed);
    for tick in 1..=6 {
        ticks.tick().await;
        // The first takes 140 ms, three periods and a half. The others take 8 ms.
        upstream.fetch(&format!("work/{tick}")).await;
    }
}
// ANCHOR_END: ticking

async fn show(recorder: &Recorder, title: &str, way: impl Future<Output = ()>) {
    let ((), timeline) = recorder.watch(way).await;
    println!("{title}: {}\n\n{timeline}", Readable(timeline.total));
}
