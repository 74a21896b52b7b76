//! The hidden tests of `prepare`.

use async_workbook::{
    harness::{Task, ms, task},
    services::upstream::Upstream,
    timeline::Recorder,
    verdict::{Fault, ensure, examine},
};
use futures::future::{LocalBoxFuture, lazy};
use tokio::time::sleep;

use crate::{
    Answer,
    contract::{all_wait_together, called, one_call, same_body, shows_a_failure, waited_together},
    many_calls::{in_turn, no_thread_is_kept},
    run::{LATER, made, run, tasks, unless_it_blocks},
    scenario::{body_of, failing_once, four_pages, service},
};

pub(crate) const TASK: Task<Answer> = task!(
    prepare: nothing_is_asked_for_before_the_await,
    one_call_once_it_is_awaited,
    each_future_asks_for_its_own_page,
    a_page_wanted_again_is_fetched_again,
    a_failure_shows,
    many_calls_keep_no_thread,
);

/// Makes the future, which must not take part in anything yet.
async fn make<'a>(
    answer: &Answer,
    upstream: &'a Upstream,
    path: &'a str,
) -> Result<LocalBoxFuture<'a, String>, Fault> {
    unless_it_blocks(lazy(|_| (answer.prepare)(upstream, path))).await
}

fn starts_at_once(happened: String) -> Fault {
    Fault::new("spawn_starts_at_once")
        .happened(happened)
        .expected("nothing begins until the future is awaited")
        .next(
            "leave out `spawn`, which hands a future to the runtime, and return the future itself",
        )
}

fn nothing_began(upstream: &Upstream) -> Result<(), Fault> {
    let calls = made(upstream);
    let Some(call) = calls.first() else {
        return Ok(());
    };
    Err(if call.task.is_some() {
        starts_at_once(format!(
            "{} was asked for while nobody awaited the future: it ran on a task",
            call.path
        ))
    } else {
        Fault::new("polled_too_early")
            .happened(format!(
                "{} was asked for while nobody awaited the future: `prepare` had it polled",
                call.path
            ))
            .expected("nothing is asked for until the future is awaited")
            .next("do not poll, in whatever way: the first poll begins the call. Return the future as it was made")
    })
}

fn nothing_is_asked_for_before_the_await(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for (number, latency) in [1000, 250, 0].into_iter().enumerate() {
            let upstream = service(number, &[("users", latency)]);
            recorder.restart();
            let future = make(answer, &upstream, "users").await?;
            let spawned = tasks();
            // Time in which a call that had begun would show, and would end.
            sleep(ms(2 * latency + 500)).await;
            nothing_began(&upstream)?;
            ensure(spawned == 0, || {
                starts_at_once("`prepare` spawned a task, while nobody awaited the future".into())
            })?;
            drop(future);
            sleep(LATER).await;
            nothing_began(&upstream)?;
        }
        Ok(())
    });
}

fn one_call_once_it_is_awaited(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let pages = [("users", 1000), ("poem", 250), ("archive", 5_400_000)];
        for (number, (path, latency)) in pages.into_iter().enumerate() {
            let upstream = service(number, &[(path, latency)]);
            recorder.restart();
            let future = make(answer, &upstream, path).await?;
            sleep(ms(500)).await;
            nothing_began(&upstream)?;
            let run = run(&upstream, future).await?;
            one_call(&run, &upstream, path, number)?;
        }
        Ok(())
    });
}

fn each_future_asks_for_its_own_page(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for (number, posts) in [300, 1000].into_iter().enumerate() {
            let pages = [("users", 500), ("posts", posts), ("comments", 200)];
            let upstream = service(number, &pages);
            recorder.restart();
            let users = make(answer, &upstream, "users").await?;
            let posts = make(answer, &upstream, "posts").await?;
            let comments = make(answer, &upstream, "comments").await?;
            sleep(ms(500)).await;
            nothing_began(&upstream)?;
            drop(comments);
            let run = run(&upstream, async { tokio::join!(posts, users) }).await?;
            waited_together(&run, &upstream, &["posts", "users"])?;
            same_body("posts", &run.output.0, &body_of("posts", number))?;
            same_body("users", &run.output.1, &body_of("users", number))?;
        }
        Ok(())
    });
}

fn a_page_wanted_again_is_fetched_again(answer: &Answer) {
    examine(async |_: &Recorder| {
        let upstream = service(0, &[("users", 100)]);
        let first = make(answer, &upstream, "users").await?;
        let second = make(answer, &upstream, "users").await?;
        nothing_began(&upstream)?;
        let calls = async {
            first.await;
            second.await
        };
        called(&run(&upstream, calls).await?, &["users", "users"])
    });
}

fn a_failure_shows(answer: &Answer) {
    examine(async |_: &Recorder| {
        let upstream = failing_once();
        let future = make(answer, &upstream, "users").await?;
        nothing_began(&upstream)?;
        shows_a_failure(&upstream, &["users"], future).await
    });
}

fn many_calls_keep_no_thread(answer: &Answer) {
    no_thread_is_kept(async {
        let (upstream, paths) = four_pages(0, [500, 700, 400, 600], 300);
        let mut futures = Vec::new();
        for path in &paths {
            futures.push(make(answer, &upstream, path).await?);
        }
        nothing_began(&upstream)?;
        all_wait_together(&upstream, &paths, futures, 0).await?;
        in_turn(async |upstream| drop((answer.prepare)(upstream, "blank").await)).await
    });
}
