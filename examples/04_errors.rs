//! Errors: decide what one failure does to the others.
//!
//! Of five calls that are made together, two fail. Keep every result; give up at the first error; or take the first
//! success. Whatever a policy does not wait for is dropped, unless it runs on a task of its own.
//!
//!     cargo run --example 04_errors
//!
//! calls a service over real HTTP, draws how each call ended (`▲` failed, `╳` dropped half way), and ends with
//!
//!     Every result          0.5 s    0 dropped   0 left running   3 pages, 2 errors
//!     All or nothing        0.1 s    4 dropped   0 left running   GET urls/2 answered 503 Service Unavailable
//!     First success         0.2 s    3 dropped   0 left running   urls/3 page
//!     On tasks              0.1 s    0 dropped   4 left running   GET urls/2 answered 503 Service Unavailable
//!     try_join_all over 30  0.1 s
//!     try_join_all over 31  0.3 s
//!
//! give or take some milliseconds; with `WORKBOOK_CLOCK=virtual`, exactly. The book explains the last line.

use std::{error::Error, time::Duration};

use async_workbook::{
    clock::{Clock, Readable, timed},
    services::upstream::{Page, Route, Upstream, UpstreamError},
    timeline::{End, Recorder, Timeline},
};
use futures::future::{join_all, select_ok, try_join_all};
use real_services::http::OverHttp as _;

const URLS: [&str; 5] = ["urls/1", "urls/2", "urls/3", "urls/4", "urls/5"];

fn main() -> Result<(), Box<dyn Error>> {
    let clock = Clock::from_env()?;
    clock.runtime()?.block_on(lesson(clock))
}

async fn lesson(clock: Clock) -> Result<(), Box<dyn Error>> {
    let recorder = Recorder::new();
    recorder.install()?;
    let upstream = match clock {
        Clock::Real => service().over_http().await?,
        Clock::Virtual => service(),
    };
    let (results, timeline) = recorder.watch(every_result(&upstream, &URLS)).await;
    let pages = results.iter().flatten().count();
    let outcome = format!("{pages} pages, {} errors", results.len() - pages);
    let mut table = report("Every result", &timeline, Ok(outcome));
    let (pages, timeline) = recorder.watch(all_or_nothing(&upstream)).await;
    table += &report("All or nothing", &timeline, pages.map(|_| "pages".into()));
    let (page, timeline) = recorder.watch(first_success(&upstream, &URLS)).await;
    table += &report("First success", &timeline, page.map(|page| page.body));
    let (pages, timeline) = recorder.watch(on_tasks(&upstream, &URLS)).await;
    table += &report("On tasks", &timeline, pages.map(|_| "pages".into()));
    // The function has returned. The tasks that it spawned have not.
    tokio::time::sleep(Duration::from_millis(500)).await;
    println!("Half a second later:\n\n{}", recorder.timeline());
    print!("{table}");
    for count in [30, 31] {
        let urls: Vec<&str> = URLS.into_iter().cycle().take(count).collect();
        let (_error, took) = timed(on_tasks(&upstream, &urls)).await;
        println!("try_join_all over {count}  {}", Readable(took));
    }
    Ok(())
}

// ANCHOR: every_result
async fn every_result(upstream: &Upstream, urls: &[&str]) -> Vec<Result<Page, UpstreamError>> {
    // To `join_all`, an error is an output like any other.
    join_all(urls.iter().map(|url| upstream.get(url))).await
}
// ANCHOR_END: every_result

// ANCHOR: all_or_nothing
async fn all_or_nothing(upstream: &Upstream) -> Result<[Page; 5], UpstreamError> {
    let [one, two, three, four, five] = URLS.map(|url| upstream.get(url));
    let pages = tokio::try_join!(one, two, three, four, five)?;
    Ok(pages.into())
}
// ANCHOR_END: all_or_nothing

// ANCHOR: first_success
async fn first_success(upstream: &Upstream, urls: &[&str]) -> Result<Page, UpstreamError> {
    let calls = urls.iter().map(|url| Box::pin(upstream.get(url)));
    // Beside the page come the futures that are left. They are dropped when this function returns.
    let (page, _others) = select_ok(calls).await?;
    Ok(page)
}
// ANCHOR_END: first_success

// ANCHOR: on_tasks
async fn on_tasks(upstream: &Upstream, urls: &[&str]) -> Result<Vec<Page>, UpstreamError> {
    let tasks = urls.iter().map(|&url| {
        let (upstream, url) = (upstream.clone(), url.to_owned());
        let task = tokio::spawn(async move { upstream.get(&url).await });
        async { task.await.expect("no call panics") }
    });
    // Here, too, the other futures are dropped. But each holds a handle, and its task goes on without it.
    try_join_all(tasks).await
}
// ANCHOR_END: on_tasks

fn service() -> Upstream {
    let ms = Duration::from_millis;
    Upstream::builder()
        .page("urls/1", ms(300))
        .route(Route::new("urls/2").latency(ms(100)).fails(503))
        .page("urls/3", ms(200))
        .route(Route::new("urls/4").latency(ms(400)).fails(404))
        .page("urls/5", ms(500))
        .build()
}

/// Draws what happened, and returns the line that sums it up.
fn report(policy: &str, timeline: &Timeline, outcome: Result<String, UpstreamError>) -> String {
    println!("{policy}:\n\n{timeline}");
    let count = |end| timeline.rows.iter().filter(|row| row.end == end).count();
    let (dropped, open) = (count(End::Dropped), count(End::Open));
    let took = Readable(timeline.total);
    let outcome = outcome.unwrap_or_else(|error| error.to_string());
    format!("{policy:20}  {took:7}  {dropped} dropped   {open} left running   {outcome}\n")
}
