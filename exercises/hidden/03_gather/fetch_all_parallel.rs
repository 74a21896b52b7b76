//! The hidden tests of `fetch_all_parallel`.

use std::collections::HashSet;

use async_workbook::{
    harness::{Task, counted, listed, ms, task},
    services::upstream::{Route, Upstream},
    timeline::Recorder,
    verdict::{Fault, catch_panic, ensure, examine},
};

use crate::{
    Answer,
    gathering::{self, Scenario, Way, fetch},
};

pub(crate) const TASK: Task<Answer> = task!(
    fetch_all_parallel: calls_are_in_flight_together,
    each_call_has_a_task_of_its_own,
    many_calls_are_in_flight_together,
    pages_come_in_the_order_of_the_paths,
    a_panic_in_a_task_surfaces,
    a_path_given_twice_gives_two_pages,
    no_paths_give_no_pages,
);

fn on_tasks(answer: &Answer) -> Way {
    Way {
        fetch: answer.fetch_all_parallel,
        next: "spawn every task before the first is awaited, and hold no lock or permit across a call",
    }
}

fn each_call_has_a_task_of_its_own(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let names: Vec<_> = (0..40).map(|call| format!("calls/{call}")).collect();
        let pages: Vec<_> = names.iter().map(|name| (name.as_str(), 100)).collect();
        let scenario = Scenario::new(1, &pages);
        fetch(&on_tasks(answer), recorder, &scenario).await;
        let calls = scenario.calls();
        let tasks: HashSet<_> = calls.iter().filter_map(|call| call.task).collect();
        ensure(tasks.len() == calls.len(), || {
            let calls = counted(calls.len(), "call");
            Fault::new("one_task_for_all")
                .happened(match tasks.len() {
                    0 => format!("all {calls} ran on the task that called the function"),
                    tasks => format!("{calls} ran on {}", counted(tasks, "task")),
                })
                .expected("each call has its own task: futures that are joined on one task share one thread")
                .next("give each call to `tokio::spawn` or `JoinSet::spawn`")
        })
    });
}

/// Whichever of the calls fails, however, first or last to end.
fn a_panic_in_a_task_surfaces(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let paths = ["users", "posts", "comments"];
        for failing in 0..paths.len() {
            for (status, latency) in [(503, 50), (404, 150), (500, 250)] {
                let upstream = paths.iter().enumerate().fold(
                    Upstream::builder(),
                    |builder, (index, &path)| {
                        builder.route(if index == failing {
                            Route::new(path).latency(ms(latency)).fails(status)
                        } else {
                            Route::new(path).latency(ms(100 * (index as u64 + 1)))
                        })
                    },
                );
                let upstream = upstream.build();
                recorder.restart();
                let outcome = catch_panic((answer.fetch_all_parallel)(&upstream, &paths)).await;
                ensure(outcome.is_err(), || {
                    let pages = outcome.unwrap_or_default();
                    let come: Vec<_> = pages.iter().map(|page| page.path.as_str()).collect();
                    Fault::new("task_panic_swallowed")
                        .happened(format!(
                            "the upstream answered {status} for {}, and the function returned {} as if nothing had happened",
                            paths[failing],
                            listed(&come)
                        ))
                        .expected("`fetch` panics in its task, and so does the function that awaits the task")
                        .next("do not pass over the `Err` of any handle: unwrap it, or go on with `std::panic::resume_unwind(error.into_panic())`")
                })?;
            }
        }
        Ok(())
    });
}

fn calls_are_in_flight_together(answer: &Answer) {
    examine(async |recorder| {
        gathering::calls_are_in_flight_together(&on_tasks(answer), recorder).await
    });
}

fn many_calls_are_in_flight_together(answer: &Answer) {
    examine(async |recorder| {
        gathering::many_calls_are_in_flight_together(&on_tasks(answer), recorder).await
    });
}

fn pages_come_in_the_order_of_the_paths(answer: &Answer) {
    examine(async |recorder| {
        gathering::pages_come_in_the_order_of_the_paths(&on_tasks(answer), recorder).await
    });
}

fn a_path_given_twice_gives_two_pages(answer: &Answer) {
    examine(async |recorder| {
        gathering::a_path_given_twice_gives_two_pages(&on_tasks(answer), recorder).await
    });
}

fn no_paths_give_no_pages(answer: &Answer) {
    examine(async |recorder| gathering::no_paths_give_no_pages(&on_tasks(answer), recorder).await);
}
