//! The hidden tests of `fetch_one`.

use async_workbook::{
    harness::{Task, task},
    services::upstream::Upstream,
    timeline::Recorder,
    verdict::{Fault, examine},
};

use crate::{
    Answer,
    contract::{all_wait_together, called, one_call, shows_a_failure},
    many_calls::{in_turn, no_thread_is_kept},
    run::{Run, run},
    scenario::{failing_once, four_pages, service},
};

pub(crate) const TASK: Task<Answer> = task!(
    fetch_one: the_page_is_asked_for_and_awaited,
    the_body_comes_as_it_is,
    a_page_wanted_again_is_fetched_again,
    two_calls_wait_together,
    a_failure_shows,
    many_calls_keep_no_thread,
);

async fn fetch(answer: &Answer, upstream: &Upstream, path: &str) -> Result<Run<String>, Fault> {
    run(upstream, async { (answer.fetch_one)(upstream, path).await }).await
}

/// The last call takes longer than any customary timeout.
fn the_page_is_asked_for_and_awaited(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let pages = [
            ("users", 1000),
            ("posts", 250),
            ("comments", 2000),
            ("archive", 5_400_000),
        ];
        for (number, (path, latency)) in pages.into_iter().enumerate() {
            let upstream = service(number, &[(path, latency)]);
            recorder.restart();
            let run = fetch(answer, &upstream, path).await?;
            one_call(&run, &upstream, path, number)?;
        }
        Ok(())
    });
}

fn the_body_comes_as_it_is(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for (number, path) in ["poem", "blank", "poem"].into_iter().enumerate() {
            let upstream = service(number, &[(path, 100)]);
            recorder.restart();
            one_call(
                &fetch(answer, &upstream, path).await?,
                &upstream,
                path,
                number,
            )?;
        }
        Ok(())
    });
}

fn a_page_wanted_again_is_fetched_again(answer: &Answer) {
    examine(async |_: &Recorder| {
        let upstream = service(0, &[("users", 100)]);
        let calls = async {
            (answer.fetch_one)(&upstream, "users").await;
            (answer.fetch_one)(&upstream, "users").await
        };
        called(&run(&upstream, calls).await?, &["users", "users"])
    });
}

async fn together(
    answer: &Answer,
    number: usize,
    latencies: [u64; 4],
    count: usize,
) -> Result<(), Fault> {
    let (upstream, paths) = four_pages(number, latencies, count);
    let calls = paths
        .iter()
        .map(|&path| (answer.fetch_one)(&upstream, path));
    all_wait_together(&upstream, &paths, calls, number).await
}

fn two_calls_wait_together(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let latencies = [[1000, 300, 0, 0], [300, 1000, 0, 0], [500, 500, 0, 0]];
        for (number, latencies) in latencies.into_iter().enumerate() {
            recorder.restart();
            together(answer, number, latencies, 2).await?;
        }
        Ok(())
    });
}

fn a_failure_shows(answer: &Answer) {
    examine(async |_: &Recorder| {
        let upstream = failing_once();
        let call = async { (answer.fetch_one)(&upstream, "users").await };
        shows_a_failure(&upstream, &["users"], call).await
    });
}

fn many_calls_keep_no_thread(answer: &Answer) {
    no_thread_is_kept(async {
        together(answer, 0, [500, 700, 400, 600], 300).await?;
        in_turn(async |upstream| drop((answer.fetch_one)(upstream, "blank").await)).await
    });
}
