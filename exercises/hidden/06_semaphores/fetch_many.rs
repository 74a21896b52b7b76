//! The hidden tests of `fetch_many`.

use std::time::Duration;

use async_workbook::{
    harness::{Task, counted, task},
    services::upstream::{Call, Page},
    timeline::Recorder,
    verdict::{Fault, catch_panic, ensure, examine},
};

use crate::{
    Answer, closer,
    faults::{extra_call_made, permit_leaked},
    hang::ends,
    limit::limit_kept,
    pages::{called_once_each, in_order},
    scenario::{AN_HOUR, Scenario, falling, limit_of, mixed, rising},
    window::{window_keeps_up, window_slides},
    work::Work,
};

pub(crate) const TASK: Task<Answer> = task!(
    fetch_many: the_limit_is_reached_and_never_passed,
    the_window_slides,
    pages_come_in_the_order_of_the_paths,
    a_limit_above_the_number_of_paths_holds_nothing_back,
    a_path_given_twice_gives_two_pages,
    no_paths_give_no_pages,
    a_panic_surfaces,
);

const WORK: Work = Work {
    noun: "call",
    unlimited: "limit_not_enforced",
    unlimited_why: "none of them held a permit of a shared semaphore",
    unlimited_next: "write `let _permit = semaphore.acquire().await…` in the future that makes the call, before the call: `let _ = …` drops the permit on the spot, and `acquire()` without `.await` takes none",
    attempt: |answer, scenario| {
        Box::pin(async move {
            let _pages = fetching(answer, scenario, scenario.paths()).await;
        })
    },
};

async fn fetching(answer: &Answer, scenario: &Scenario, paths: Vec<&str>) -> Vec<Page> {
    let limit = limit_of(scenario.limit);
    (answer.fetch_many)(&scenario.upstream, &paths, limit).await
}

/// Fetches all pages, checks that each call was made once, and judges the result.
async fn fetch(
    answer: &Answer,
    scenario: &Scenario,
    recorder: &Recorder,
    judge: impl FnOnce(&[Page], Duration) -> Result<(), Fault>,
) -> Result<(), Fault> {
    recorder.restart();
    let fetching = fetching(answer, scenario, scenario.paths());
    let judged = ends(
        &scenario.upstream,
        scenario.paths.len(),
        fetching,
        |calls| leaked(scenario, calls),
    )
    .await
    .and_then(|(pages, took)| {
        called_once_each(scenario, &pages)?;
        judge(&pages, took)
    });
    match judged {
        Ok(()) => Ok(()),
        Err(fault) => Err(closer::look(answer, recorder, scenario, &WORK, fault).await),
    }
}

fn leaked(scenario: &Scenario, calls: &[Call]) -> Fault {
    permit_leaked(format!(
        "of {}, {} ended, and no more ever began",
        scenario.limited_to(),
        calls.len()
    ))
}

/// As many calls in flight as the limit, each in its turn, and no time lost.
fn in_step(scenario: &Scenario, took: Duration) -> Result<(), Fault> {
    limit_kept(scenario, took, &WORK)?;
    window_slides(scenario, &scenario.calls(), took, "call")
}

fn the_limit_is_reached_and_never_passed(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        // How many calls of how many milliseconds, and the limit.
        let runs = [
            (40, 100, 3),
            (100, 100, 10),
            (100, 500, 10),
            (23, 70, 4),
            (12, 500, 1),
        ];
        for (number, (calls, latency, limit)) in runs.into_iter().enumerate() {
            let scenario = Scenario::new(number, limit, vec![latency; calls]);
            fetch(answer, &scenario, recorder, |_, took| {
                in_step(&scenario, took)
            })
            .await?;
        }
        Ok(())
    });
}

/// No call ends before an older one. So it makes no difference whether a page that came early keeps its place until
/// it's been handed over.
fn the_window_slides(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let mut an_hour_last = rising(36);
        an_hour_last[35] = AN_HOUR;
        let steps = [vec![100; 9], vec![400; 22]].concat();
        let runs = [
            (3, rising(40)),
            (4, steps),
            (5, an_hour_last),
            (3, vec![AN_HOUR; 10]),
            // More than any customary size of a chunk or a channel.
            (7, rising(1200)),
        ];
        for (number, (limit, latencies)) in runs.into_iter().enumerate() {
            let scenario = Scenario::new(number, limit, latencies);
            fetch(answer, &scenario, recorder, |_, took| {
                in_step(&scenario, took)
            })
            .await?;
        }
        Ok(())
    });
}

fn pages_come_in_the_order_of_the_paths(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let runs = [
            (3, falling(20)),
            (5, rising(20)),
            (4, mixed(25)),
            (6, vec![100; 20]),
        ];
        for (number, (limit, latencies)) in runs.into_iter().enumerate() {
            let scenario = Scenario::new(number, limit, latencies);
            fetch(answer, &scenario, recorder, |pages, took| {
                in_order(&scenario, pages)?;
                limit_kept(&scenario, took, &WORK)?;
                window_keeps_up(&scenario, &scenario.calls(), "call")
            })
            .await?;
        }
        Ok(())
    });
}

fn a_limit_above_the_number_of_paths_holds_nothing_back(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for (number, (calls, limit)) in [(12, 13), (5, 1000), (1100, 1100), (1, 4)]
            .into_iter()
            .enumerate()
        {
            let latencies = (0..calls).map(|call| 300 - call % 7);
            let scenario = Scenario::new(number, limit, latencies);
            fetch(answer, &scenario, recorder, |pages, took| {
                in_step(&scenario, took)?;
                in_order(&scenario, pages)
            })
            .await?;
        }
        Ok(())
    });
}

fn a_path_given_twice_gives_two_pages(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let mut scenario = Scenario::new(1, 3, [50, 100, 150, 200]);
        scenario.paths.push("calls/0".into());
        scenario.paths.push("calls/0".into());
        recorder.restart();
        let fetching = fetching(answer, &scenario, scenario.paths());
        let ended = ends(&scenario.upstream, 6, fetching, |calls| {
            leaked(&scenario, calls)
        });
        let (pages, _) = ended.await?;
        let first = pages.iter().filter(|page| page.path == "calls/0").count();
        let calls = scenario.calls().len();
        ensure(
            pages.len() == 6 && first == 3 && calls == 6 || !(4..=6).contains(&calls),
            || {
                Fault::new("duplicates_lost")
                .happened(format!(
                    "three of six paths were the same. The function made {} and returned {}, {first} of them for that path",
                    counted(calls, "call"),
                    counted(pages.len(), "page")
                ))
                .expected("it fetches every path, and returns a page for each, even if two paths are the same")
                .next("tell the calls apart by their position in `paths`, not by their path")
            },
        )?;
        called_once_each(&scenario, &pages)?;
        in_order(&scenario, &pages)
    });
}

fn no_paths_give_no_pages(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let scenario = Scenario::new(1, 3, []);
        fetch(answer, &scenario, recorder, |pages, took| {
            ensure(pages.is_empty(), || {
                Fault::new("result_invented")
                    .happened(format!(
                        "for no paths, the function returned {}",
                        counted(pages.len(), "page")
                    ))
                    .expected("no paths give no calls and no pages")
                    .next("fetch only what's in `paths`")
            })?;
            window_slides(&scenario, &[], took, "call")
        })
        .await
    });
}

/// Any call may be the one that fails: one of the first to begin, or one that had to wait.
fn a_panic_surfaces(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for failing in 0..8 {
            let scenario = Scenario::failing(1, 3, vec![100; 8], &[failing]);
            recorder.restart();
            let fetching = fetching(answer, &scenario, scenario.paths());
            let ended = ends(&scenario.upstream, 8, catch_panic(fetching), |calls| {
                leaked(&scenario, calls)
            });
            let (outcome, _) = ended.await?;
            let of_failing = scenario.calls().into_iter();
            let of_failing = of_failing.filter(|call| call.path == scenario.paths[failing]);
            match of_failing.count() {
                // An answer that never makes this call has no failure to pass on.
                0 => called_once_each(&scenario, outcome.as_deref().unwrap_or_default())?,
                1 => {}
                calls => return Err(extra_call_made(calls, 1)),
            }
            ensure(outcome.is_err(), || {
                let pages = outcome.unwrap_or_default();
                Fault::new("panic_swallowed")
                    .happened(format!(
                        "the upstream failed for {}, but the function returned {} as if nothing had happened",
                        scenario.paths[failing],
                        counted(pages.len(), "page")
                    ))
                    .expected("`fetch` panics, and so does the function that awaits it")
                    .next("if a task's handle gives an `Err`, unwrap it, or pass the panic on with `std::panic::resume_unwind(error.into_panic())`. If you call `get`, call `fetch` instead")
            })?;
        }
        Ok(())
    });
}
