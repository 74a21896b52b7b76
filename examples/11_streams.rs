//! Streams: values that come one after another, with waits in between.
//!
//! A stream does nothing until somebody asks it for the next item. What a buffer in it holds stands still when nobody
//! asks, and what runs ahead on a task needs a bound. A clock that ticks has to be told what to do about missed ticks.
//!
//!     cargo run --example 11_streams
//!
//! fetches three pages from a service over real HTTP while their reader lags, in three ways, and prints
//!
//!     On demand: 1.1 s
//!     A buffer of 2: 0.85 s
//!     A task, and a channel of 1: 0.75 s
//!
//! give or take some milliseconds, each with its timeline. Then it draws an interval of 0.1 s whose first tick is
//! followed by 0.35 s of work, for `Burst`, `Delay` and `Skip`. With `WORKBOOK_CLOCK=virtual` every figure is exact.

use std::{error::Error, pin::pin, time::Duration};

use async_workbook::{
    clock::{Clock, Readable},
    services::upstream::{Page, Upstream},
    timeline::Recorder,
};
use futures::{Stream, StreamExt as _, stream};
use real_services::http::OverHttp as _;
use tokio::{
    sync::mpsc,
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};
use tokio_stream::wrappers::ReceiverStream;

const MS: Duration = Duration::from_millis(1);

fn main() -> Result<(), Box<dyn Error>> {
    let (clock, recorder) = (Clock::from_env()?, Recorder::new());
    recorder.install()?;
    clock.runtime()?.block_on(lesson(clock, &recorder))
}

async fn lesson(clock: Clock, recorder: &Recorder) -> Result<(), Box<dyn Error>> {
    let mut service = Upstream::builder().page("work/1", 350 * MS);
    for (number, latency) in [(1, 50), (2, 100), (3, 100)] {
        service = service
            .page(&format!("head/{number}"), 100 * MS)
            .page(&format!("body/{number}"), latency * MS)
            .page(&format!("save/{number}"), 200 * MS);
    }
    for tick in 2..=6 {
        service = service.page(&format!("work/{tick}"), 20 * MS);
    }
    let mut up = service.build();
    if clock == Clock::Real {
        up = up.over_http().await?;
    }
    show(recorder, "On demand", on_demand(&up)).await;
    show(recorder, "A buffer of 2", buffered(&up)).await;
    show(recorder, "A task, and a channel of 1", on_a_task(&up)).await;
    show(recorder, "Burst", ticking(&up, MissedTickBehavior::Burst)).await;
    show(recorder, "Delay", ticking(&up, MissedTickBehavior::Delay)).await;
    show(recorder, "Skip", ticking(&up, MissedTickBehavior::Skip)).await;
    Ok(())
}

// ANCHOR: on_demand
/// Two calls for each page. `then` awaits them when somebody asks for the page, and not before.
async fn load(upstream: &Upstream, number: u32) -> Page {
    upstream.fetch(&format!("head/{number}")).await;
    upstream.fetch(&format!("body/{number}")).await
}

async fn on_demand(upstream: &Upstream) {
    let pages = stream::iter(1..=3).then(|number| load(upstream, number));
    save_all(upstream, pages).await;
}

/// `next` needs a stream that can't be moved any more: hence `pin!`.
async fn save_all(upstream: &Upstream, pages: impl Stream<Item = Page>) {
    let mut pages = pin!(pages);
    while let Some(page) = pages.next().await {
        upstream.fetch(&page.path.replace("body", "save")).await;
    }
}
// ANCHOR_END: on_demand

// ANCHOR: buffered
async fn buffered(upstream: &Upstream) {
    // Two loads at a time, but only while `next` is awaited: in the loop's body, nobody polls them.
    let loads = stream::iter(1..=3).map(|number| load(upstream, number));
    save_all(upstream, loads.buffered(2)).await;
}
// ANCHOR_END: buffered

// ANCHOR: on_a_task
async fn on_a_task(upstream: &Upstream) {
    let (sender, pages) = mpsc::channel(1);
    let loading = upstream.clone();
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        let mut pages = pin!(stream::iter(1..=3).map(|number| load(&loading, number)).buffered(2));
        while let Some(page) = pages.next().await {
            // Waits while the channel is full: that's the bound. An error says that the reader has gone.
            if sender.send(page).await.is_err() {
                return;
            }
        }
    });
    save_all(upstream, ReceiverStream::new(pages)).await;
}
// ANCHOR_END: on_a_task

// ANCHOR: ticking
async fn ticking(upstream: &Upstream, missed: MissedTickBehavior) {
    let mut ticks = interval(100 * MS);
    ticks.set_missed_tick_behavior(missed);
    for tick in 1..=6 {
        ticks.tick().await;
        // The first takes 350 ms, three ticks and a half. The others take 20 ms.
        upstream.fetch(&format!("work/{tick}")).await;
    }
}
// ANCHOR_END: ticking

async fn show(recorder: &Recorder, title: &str, way: impl Future<Output = ()>) {
    let ((), timeline) = recorder.watch(way).await;
    println!("{title}: {}\n\n{timeline}", Readable(timeline.total));
}
