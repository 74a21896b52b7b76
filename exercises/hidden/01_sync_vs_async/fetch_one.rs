//! The hidden tests of `fetch_one`.

use async_workbook::{
    harness::{Task, ms, task},
    timeline::Recorder,
    verdict::{Fault, examine},
};

use crate::{
    Answer,
    contract::{all_wait_together, ends_when_dropped, fetches_again, one_call, shows_a_failure},
    many_calls::{in_turn, no_thread_is_kept},
    run::{Run, run},
    scenario::Scenario,
};

pub(crate) const TASK: Task<Answer> = task!(
    fetch_one: the_page_is_asked_for_and_awaited,
    the_body_comes_as_it_is,
    a_page_wanted_again_is_fetched_again,
    two_calls_wait_together,
    a_failure_shows,
    a_dropped_call_ends,
    many_calls_keep_no_thread,
);

/// The run includes what the function does before its future is polled.
async fn fetch(answer: &Answer, scenario: &Scenario, path: &str) -> Result<Run<String>, Fault> {
    run(scenario, async {
        (answer.fetch_one)(&scenario.upstream, path).await
    })
    .await
}

/// The last call takes longer than any usual timeout.
fn the_page_is_asked_for_and_awaited(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let pages = [
            ("users", 1000),
            ("posts", 250),
            ("comments", 2000),
            ("archive", 5_400_000),
        ];
        for (path, latency) in pages {
            let scenario = Scenario::new(&[(path, latency)]);
            recorder.restart();
            one_call(&fetch(answer, &scenario, path).await?, &scenario, path)?;
        }
        Ok(())
    });
}

fn the_body_comes_as_it_is(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for path in ["poem", "blank", "poem"] {
            let scenario = Scenario::new(&[(path, 100)]);
            recorder.restart();
            one_call(&fetch(answer, &scenario, path).await?, &scenario, path)?;
        }
        Ok(())
    });
}

fn a_page_wanted_again_is_fetched_again(answer: &Answer) {
    examine(async |_: &Recorder| {
        let scenario = Scenario::new(&[("users", 100)]);
        let call = async || (answer.fetch_one)(&scenario.upstream, "users").await;
        fetches_again(&scenario, &["users"], [call(), call()]).await
    });
}

async fn together(answer: &Answer, latencies: [u64; 4], count: usize) -> Result<(), Fault> {
    let (scenario, paths) = Scenario::of_four_pages(latencies, count);
    let call = async |path: &str| (answer.fetch_one)(&scenario.upstream, path).await;
    all_wait_together(&scenario, &paths, paths.iter().map(|path| call(path))).await
}

fn two_calls_wait_together(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for latencies in [[1000, 300, 0, 0], [300, 1000, 0, 0], [500, 500, 0, 0]] {
            recorder.restart();
            together(answer, latencies, 2).await?;
        }
        Ok(())
    });
}

fn a_failure_shows(answer: &Answer) {
    examine(async |_: &Recorder| {
        let scenario = Scenario::failing_once();
        let call = async { (answer.fetch_one)(&scenario.upstream, "users").await };
        shows_a_failure(&scenario, &["users"], call).await
    });
}

/// One call runs to its end. Two more are dropped: one halfway, and one after its first poll, before any task that it
/// spawned has begun.
fn a_dropped_call_ends(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let scenario = Scenario::new(&[("users", 1000)]);
        one_call(
            &fetch(answer, &scenario, "users").await?,
            &scenario,
            "users",
        )?;
        for after in [ms(500), ms(0)] {
            let scenario = Scenario::new(&[("users", 1000)]);
            recorder.restart();
            let call = async { (answer.fetch_one)(&scenario.upstream, "users").await };
            ends_when_dropped(&scenario, after, call).await?;
        }
        Ok(())
    });
}

fn many_calls_keep_no_thread(answer: &Answer) {
    no_thread_is_kept(async {
        for count in [4, 300] {
            together(answer, [500, 700, 400, 600], count).await?;
        }
        in_turn(async |upstream| drop((answer.fetch_one)(upstream, "blank").await)).await
    });
}
