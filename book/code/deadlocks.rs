//! Two ways to wait in a circle: for a second permit, and for room in a channel of the one who waits for yours.

use tokio::{
    sync::{Semaphore, mpsc},
    time::timeout,
};
use tracing::instrument;

use async_workbook::timeline::{Recorder, Style};

use crate::call::{Page, fetch, ms, timed};

// ANCHOR: second_permit
#[instrument(skip_all, fields(label = "page"))]
async fn page(permits: &Semaphore) -> (Page, Page) {
    let _permit = permits.acquire().await.expect("it is never closed");
    let text = fetch("text", 400).await;
    (text, picture(permits).await) // Still holds the first permit.
}

#[instrument(skip_all, fields(label = "picture"))]
async fn picture(permits: &Semaphore) -> Page {
    let _permit = permits.acquire().await.expect("it is never closed");
    fetch("picture", 200).await
}
// ANCHOR_END: second_permit

// ANCHOR: one_permit
async fn page_under_one_permit(permits: &Semaphore) -> (Page, Page) {
    let _permit = permits.acquire().await.expect("it is never closed");
    (fetch("text", 400).await, fetch("picture", 200).await)
}
// ANCHOR_END: one_permit

// ANCHOR: cycle
/// Sends all jobs to a worker, and then collects the answers.
async fn send_then_collect(jobs: u32) -> Vec<u32> {
    let (to_worker, mut inbox) = mpsc::channel(2);
    let (to_caller, mut answers) = mpsc::channel(2);
    let worker = async move {
        while let Some(job) = inbox.recv().await {
            // Waits while two answers are queued.
            to_caller.send(job * 10).await.expect("the caller is there");
        }
    };
    let caller = async move {
        for job in 1..=jobs {
            // Waits while two jobs are queued.
            to_worker.send(job).await.expect("the worker is there");
        }
        drop(to_worker);
        let mut collected = Vec::new();
        while let Some(answer) = answers.recv().await {
            collected.push(answer);
        }
        collected
    };
    tokio::join!(worker, caller).1
}
// ANCHOR_END: cycle

/// Sends jobs to a worker, and collects the answers meanwhile.
async fn send_and_collect(jobs: u32) -> Vec<u32> {
    let (to_worker, mut inbox) = mpsc::channel(2);
    let (to_caller, mut answers) = mpsc::channel(2);
    let worker = async move {
        while let Some(job) = inbox.recv().await {
            to_caller.send(job * 10).await.expect("the caller is there");
        }
    };
    // ANCHOR: no_cycle
    let send = async move {
        for job in 1..=jobs {
            to_worker.send(job).await.expect("the worker is there");
        }
    }; // The sender ends here, and with it the worker.
    let collect = async move {
        let mut collected = Vec::new();
        while let Some(answer) = answers.recv().await {
            collected.push(answer);
        }
        collected
    };
    let ((), (), collected) = tokio::join!(worker, send, collect);
    // ANCHOR_END: no_cycle
    collected
}

#[tokio::test(start_paused = true)]
async fn two_pages_that_want_each_other_s_permit_wait_for_ever() {
    let recorder = Recorder::new();
    let _attached = recorder.attach();
    let permits = Semaphore::new(2);
    let both = async { tokio::join!(page(&permits), page(&permits)) };
    let watched = async {
        recorder.mark_in(ms(1000), "given up");
        timeout(ms(1000), both).await
    };
    let (given_up, timeline) = recorder.watch(watched).await;
    assert!(given_up.is_err());
    assert_eq!(
        timeline.text(&Style::unicode(40)),
        include_str!("deadlocks.txt")
    );
    assert_eq!(permits.available_permits(), 2, "the drop gave them back");
}

#[tokio::test(start_paused = true)]
async fn a_page_alone_needs_no_more_than_there_are() {
    let permits = Semaphore::new(2);
    let alone = timed(page(&permits)).await;
    assert_eq!(alone, (("text", "picture"), ms(600)));
}

#[tokio::test(start_paused = true)]
async fn one_permit_for_both_calls_is_enough() {
    let permits = Semaphore::new(2);
    let both = async {
        tokio::join!(
            page_under_one_permit(&permits),
            page_under_one_permit(&permits)
        )
    };
    let page = ("text", "picture");
    assert_eq!(timed(both).await, ((page, page), ms(600)));
}

#[tokio::test(start_paused = true)]
async fn two_permits_at_once_are_waited_for_without_holding_one() {
    let permits = Semaphore::new(2);
    let page = async || {
        let _both = permits.acquire_many(2).await.expect("it is never closed");
        fetch("page", 600).await
    };
    let both = async { tokio::join!(page(), page()) };
    assert_eq!(timed(both).await, (("page", "page"), ms(1200)));
}

#[tokio::test(start_paused = true)]
async fn channels_in_a_circle_take_as_many_jobs_as_they_hold_and_one() {
    let answers = timeout(ms(1000), send_then_collect(5)).await;
    assert_eq!(answers, Ok(vec![10, 20, 30, 40, 50]));
    assert!(timeout(ms(1000), send_then_collect(6)).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn somebody_who_always_collects_breaks_the_circle() {
    let answers = timeout(ms(1000), send_and_collect(1_000)).await;
    assert_eq!(answers.map(|answers| answers.len()), Ok(1_000));
}
