//! The hidden tests of `prepare`.

use async_workbook::{
    harness::{Task, ms, task},
    timeline::Recorder,
    verdict::{Fault, ensure, examine},
};
use futures::future::{LocalBoxFuture, lazy};
use tokio::time::sleep;

use crate::{
    Answer,
    contract::{all_wait_together, ends_when_dropped, fetches_again, one_call, shows_a_failure},
    many_calls::{in_turn, no_thread_is_kept},
    run::{LATER, run, tasks, watched},
    scenario::Scenario,
};

pub(crate) const TASK: Task<Answer> = task!(
    prepare: nothing_is_asked_for_before_the_await,
    one_call_once_it_is_awaited,
    each_future_asks_for_its_own_page,
    a_page_wanted_again_is_fetched_again,
    a_failure_shows,
    a_dropped_call_ends,
    many_calls_keep_no_thread,
);

/// Makes the future, which must not start anything yet.
async fn make<'a>(
    answer: &Answer,
    scenario: &'a Scenario,
    path: &'a str,
) -> Result<LocalBoxFuture<'a, String>, Fault> {
    watched(
        scenario,
        lazy(|_| (answer.prepare)(&scenario.upstream, path)),
    )
    .await
}

fn starts_at_once(happened: String) -> Fault {
    Fault::new("task_spawned_early")
        .happened(happened)
        .expected("nothing begins until the future is awaited")
        .next("remove the `spawn`, which starts the future at once, and return the future itself")
}

fn spawned() -> Fault {
    starts_at_once("`prepare` spawned a task before anybody awaited the future".into())
}

/// No call, and no task that could make one.
fn nothing_began(scenario: &Scenario) -> Result<(), Fault> {
    let calls = scenario.calls();
    let Some(call) = calls.first() else {
        return ensure(tasks() == 0, spawned);
    };
    Err(if call.task.is_some() {
        starts_at_once(format!(
            "{} was asked for before anybody awaited the future: a task made the call",
            call.path
        ))
    } else {
        Fault::new("future_polled_early")
            .happened(format!(
                "{} was asked for before anybody awaited the future: something in `prepare` polled it",
                call.path
            ))
            .expected("nothing is asked for until the future is awaited")
            .next("return the future without polling it in any way: the first poll starts the call")
    })
}

fn nothing_is_asked_for_before_the_await(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for latency in [1000, 250, 0] {
            let scenario = Scenario::new(&[("users", latency)]);
            recorder.restart();
            let future = make(answer, &scenario, "users").await?;
            let tasks_before = tasks();
            // Long enough for a call that had begun to show, and to end.
            sleep(ms(2 * latency + 500)).await;
            nothing_began(&scenario)?;
            ensure(tasks_before == 0, spawned)?;
            drop(future);
            sleep(LATER).await;
            nothing_began(&scenario)?;
        }
        Ok(())
    });
}

fn one_call_once_it_is_awaited(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for (path, latency) in [("users", 1000), ("poem", 250), ("archive", 5_400_000)] {
            let scenario = Scenario::new(&[(path, latency)]);
            recorder.restart();
            let future = make(answer, &scenario, path).await?;
            sleep(ms(500)).await;
            nothing_began(&scenario)?;
            one_call(&run(&scenario, future).await?, &scenario, path)?;
        }
        Ok(())
    });
}

fn each_future_asks_for_its_own_page(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for posts in [300, 1000] {
            let pages = [("users", 500), ("posts", posts), ("comments", 200)];
            let scenario = Scenario::new(&pages);
            recorder.restart();
            let users = make(answer, &scenario, "users").await?;
            let posts = make(answer, &scenario, "posts").await?;
            let comments = make(answer, &scenario, "comments").await?;
            sleep(ms(500)).await;
            nothing_began(&scenario)?;
            drop(comments);
            nothing_began(&scenario)?;
            all_wait_together(&scenario, &["posts", "users"], [posts, users]).await?;
        }
        Ok(())
    });
}

fn a_page_wanted_again_is_fetched_again(answer: &Answer) {
    examine(async |_: &Recorder| {
        let scenario = Scenario::new(&[("users", 100)]);
        let first = make(answer, &scenario, "users").await?;
        let second = make(answer, &scenario, "users").await?;
        nothing_began(&scenario)?;
        fetches_again(&scenario, &["users"], [first, second]).await
    });
}

fn a_failure_shows(answer: &Answer) {
    examine(async |_: &Recorder| {
        let scenario = Scenario::failing_once();
        let future = make(answer, &scenario, "users").await?;
        nothing_began(&scenario)?;
        shows_a_failure(&scenario, &["users"], future).await
    });
}

/// One call runs to its end. Two more are dropped: one halfway, and one after its first poll, before any task that it
/// spawned has begun.
fn a_dropped_call_ends(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let scenario = Scenario::new(&[("users", 1000)]);
        let future = make(answer, &scenario, "users").await?;
        nothing_began(&scenario)?;
        one_call(&run(&scenario, future).await?, &scenario, "users")?;
        for after in [ms(500), ms(0)] {
            let scenario = Scenario::new(&[("users", 1000)]);
            recorder.restart();
            let future = make(answer, &scenario, "users").await?;
            nothing_began(&scenario)?;
            ends_when_dropped(&scenario, after, future).await?;
        }
        Ok(())
    });
}

fn many_calls_keep_no_thread(answer: &Answer) {
    no_thread_is_kept(async {
        for count in [4, 300] {
            let (scenario, paths) = Scenario::of_four_pages([500, 700, 400, 600], count);
            let mut futures = Vec::new();
            for path in &paths {
                futures.push(make(answer, &scenario, path).await?);
            }
            nothing_began(&scenario)?;
            all_wait_together(&scenario, &paths, futures).await?;
        }
        in_turn(async |upstream| drop((answer.prepare)(upstream, "blank").await)).await
    });
}
