//! The hidden tests of `fetch_all_parallel`.

use std::collections::HashSet;

use async_workbook::{
    harness::{Task, counted, listed, ms, task},
    services::upstream::Route,
    timeline::Recorder,
    verdict::{Fault, ensure, examine},
};

use crate::{
    Answer,
    gathering::{self, Way, fetch, fetch_or_panic},
    run::Run,
    scenario::Scenario,
    watch::Glance,
};

pub(crate) const TASK: Task<Answer> = task!(
    fetch_all_parallel: calls_are_in_flight_together,
    each_call_has_a_task_of_its_own,
    pages_come_in_the_order_of_the_paths,
    a_panic_in_a_task_surfaces,
    a_path_given_twice_gives_two_pages,
    no_paths_give_no_pages,
    a_slow_call_is_awaited,
    many_calls_are_in_flight_together,
);

fn on_tasks(answer: &Answer) -> Way {
    Way {
        fetch: answer.fetch_all_parallel,
        next: "spawn every task before you await the first",
    }
}

fn each_call_has_a_task_of_its_own(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for (number, calls) in [(1, 3), (2, 40), (3, 1100)] {
            let scenario = Scenario::many(number, calls, |_| 100);
            let run = fetch(&on_tasks(answer), recorder, &scenario).await?;
            let calls = scenario.calls();
            let tasks: HashSet<_> = calls.iter().filter_map(|call| call.task).collect();
            ensure(tasks.len() == calls.len(), || {
                single_task_for_all_work(calls.len(), tasks.len())
            })?;
            let Glance { in_flight, tasks } = run.first;
            ensure(tasks >= in_flight, || {
                tasks_confined_to_one_thread(calls.len())
            })?;
        }
        Ok(())
    });
}

fn single_task_for_all_work(calls: usize, tasks: usize) -> Fault {
    let calls = counted(calls, "call");
    Fault::new("single_task_for_all_work")
        .happened(match tasks {
            0 => format!("all {calls} ran in the task that called the function"),
            tasks => format!("{calls} ran in {}", counted(tasks, "task")),
        })
        .expected(
            "each call has its own task: futures that are joined in one task share one thread",
        )
        .next("spawn each call with `tokio::spawn` or `JoinSet::spawn`")
}

/// Each call has a task, but the runtime doesn't own it.
fn tasks_confined_to_one_thread(calls: usize) -> Fault {
    Fault::new("tasks_confined_to_one_thread")
        .happened(format!(
            "each of the {calls} calls had a task, but a `LocalSet` runs its tasks on the one thread that polls it"
        ))
        .expected("the runtime owns the tasks, so it can run them on all of its threads")
        .next("replace `spawn_local` with `tokio::spawn` or `JoinSet::spawn`")
}

/// Whichever call fails, in whatever way, and whether it ends first or last.
fn a_panic_in_a_task_surfaces(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let paths = ["users", "posts", "comments"];
        for failing in 0..paths.len() {
            for (status, latency) in [(503, 50), (404, 150), (500, 250)] {
                let page = |(index, &path): (usize, &&str)| {
                    let route = Route::new(path);
                    let succeeds = ms(100 * (index as u64 + 1));
                    if index == failing {
                        (route.latency(ms(latency)).fails(status), ms(latency))
                    } else {
                        (route.latency(succeeds), succeeds)
                    }
                };
                let pages = paths.iter().enumerate().map(page).collect();
                let scenario = Scenario::of(1, pages, paths.map(str::to_owned).into());
                let outcome = fetch_or_panic(&on_tasks(answer), recorder, &scenario).await?;
                if let Ok(Run { output: pages, .. }) = outcome {
                    let come: Vec<_> = pages.iter().map(|page| page.path.as_str()).collect();
                    return Err(Fault::new("panic_swallowed")
                        .happened(format!(
                            "the upstream answered {status} for {}, and the function returned {} as if nothing had happened",
                            paths[failing],
                            listed(&come)
                        ))
                        .expected("`fetch` panics in its task, and the function that awaits the task panics too")
                        .next("`unwrap` what each handle yields, or pass its error on with `std::panic::resume_unwind(error.into_panic())`"));
                }
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

fn a_slow_call_is_awaited(answer: &Answer) {
    examine(async |recorder| gathering::a_slow_call_is_awaited(&on_tasks(answer), recorder).await);
}
