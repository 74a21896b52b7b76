//! The hidden tests of chapter 03. They run on the paused clock, so that every time in them is exact.

use std::{collections::HashSet, iter, time::Duration};

use async_workbook::{
    clock::{Readable, timed},
    upstream::{Call, Route},
    verdict::{Fault, catch_panic, ensure, examine},
};

use super::*;

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// The dashboard of the lesson: the slowest page comes first.
const PAGES: [(&str, u64); 3] = [("users", 500), ("posts", 300), ("comments", 200)];

fn upstream(pages: &[(&str, u64)]) -> Upstream {
    pages
        .iter()
        .fold(Upstream::builder(), |builder, &(path, latency)| {
            builder.page(path, ms(latency))
        })
        .build()
}

fn paths<'a>(pages: &[(&'a str, u64)]) -> Vec<&'a str> {
    pages.iter().map(|&(path, _)| path).collect()
}

fn owned(paths: &[&str]) -> Vec<String> {
    paths.iter().map(|&path| path.to_owned()).collect()
}

/// The pages as a list of their paths: `users, posts, comments`.
fn listed(pages: &[Page]) -> String {
    if pages.is_empty() {
        return "no pages".into();
    }
    let paths: Vec<_> = pages.iter().map(|page| page.path.as_str()).collect();
    paths.join(", ")
}

/// Both ways to fetch many pages are held to the same contract.
trait FetchAll {
    const NEXT: &str;

    async fn fetch(upstream: &Upstream, paths: &[&str]) -> Vec<Page>;
}

struct OnOneTask;

impl FetchAll for OnOneTask {
    const NEXT: &str =
        "collect the futures without awaiting them, and hand all of them to `join_all`";

    async fn fetch(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
        fetch_all(upstream, paths).await
    }
}

struct OnTasks;

impl FetchAll for OnTasks {
    const NEXT: &str = "spawn every task first, and await them only when all of them are under way";

    async fn fetch(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
        fetch_all_parallel(Arc::new(upstream.clone()), owned(paths)).await
    }
}

/// All calls overlap, and nothing else takes time.
fn overlapping(upstream: &Upstream, calls: usize, took: Duration, next: &str) -> Result<(), Fault> {
    let made = upstream.calls();
    let slowest = made.iter().filter_map(length).max().unwrap_or_default();
    ensure(upstream.hits() == calls, || {
        pages_missing(&format!(
            "the upstream was called {} times for {calls} paths",
            upstream.hits()
        ))
    })?;
    ensure(took >= slowest || calls == 0, || {
        Fault::new("threads_block_the_runtime")
            .happened(format!(
                "the calls took up to {} on clocks of their own, while this runtime's one thread was kept, and its clock stood still",
                Readable(slowest)
            ))
            .expected("the waiting is left to the runtime that awaits the function: no threads, no second runtime, no `block_on`")
            .next(next)
    })?;
    ensure(upstream.high_water() == calls, || {
        not_together(upstream, calls, took, slowest).next(next)
    })?;
    ensure(took == slowest, || {
        Fault::new("waits_after_the_calls")
            .happened(format!(
                "the calls overlapped and the slowest took {}, and yet the function took {}",
                Readable(slowest),
                Readable(took)
            ))
            .expected("the function ends when the slowest call does")
            .next("look for a sleep, or for an await that the pages do not need")
    })
}

fn length(call: &Call) -> Option<Duration> {
    Some(call.ended?.duration_since(call.started?))
}

/// Why the calls did not overlap, told from when their futures were made, and on which tasks they ran.
fn not_together(upstream: &Upstream, calls: usize, took: Duration, slowest: Duration) -> Fault {
    let made = upstream.calls();
    let at_most = upstream.high_water();
    let expected = format!(
        "all {calls} calls wait at the same time, and the function takes {}, as long as the slowest",
        Readable(slowest)
    );
    if at_most > 1 {
        return Fault::new("too_few_in_flight")
            .happened(format!(
                "at most {at_most} of the {calls} calls were in flight together; it took {}",
                Readable(took)
            ))
            .expected(expected);
    }
    let tasks: HashSet<_> = made.iter().filter_map(|call| call.task).collect();
    let all_made_first = made.iter().all(|call| Some(call.created) < made[0].ended);
    let (misconception, how) = if tasks.len() == calls {
        (
            "spawn_awaited_at_once",
            "each call had a task, but the next task was spawned only after the one before had ended",
        )
    } else if all_made_first {
        (
            "creating_starts_nothing",
            "all futures were made at the start, but each was polled only after the one before had ended: the dots are futures that nobody polls",
        )
    } else {
        (
            "awaits_in_a_loop",
            "each call was made only after the one before had ended",
        )
    };
    Fault::new(misconception)
        .happened(format!(
            "{how}; it took {}, the sum of the latencies",
            Readable(took)
        ))
        .expected(expected)
}

fn pages_missing(happened: &str) -> Fault {
    Fault::new("pages_missing")
        .happened(happened)
        .expected("there is one page for each path")
        .next("await every call, and keep each of the pages")
}

async fn calls_are_in_flight_together<F: FetchAll>() -> Result<(), Fault> {
    let upstream = upstream(&PAGES);
    let (_, took) = timed(F::fetch(&upstream, &paths(&PAGES))).await;
    overlapping(&upstream, PAGES.len(), took, F::NEXT)
}

async fn many_calls_are_in_flight_together<F: FetchAll>() -> Result<(), Fault> {
    const CALLS: usize = 100;
    let upstream = upstream(&[("users", 100)]);
    let (_, took) = timed(F::fetch(&upstream, &["users"; CALLS])).await;
    overlapping(&upstream, CALLS, took, F::NEXT)
}

async fn pages_come_in_the_order_of_the_paths<F: FetchAll>() -> Result<(), Fault> {
    // The last path is the first to answer.
    let upstream = upstream(&PAGES);
    let paths = paths(&PAGES);
    let pages = F::fetch(&upstream, &paths).await;
    let come: Vec<_> = pages.iter().map(|page| page.path.as_str()).collect();
    let same_paths = || {
        let of = |paths: &[&str]| {
            paths
                .iter()
                .map(|&path| path.to_owned())
                .collect::<HashSet<_>>()
        };
        come.len() == paths.len() && of(&come) == of(&paths)
    };
    ensure(come == paths || same_paths(), || {
        pages_missing(&format!(
            "for {} there came {}",
            paths.join(", "),
            listed(&pages)
        ))
    })?;
    ensure(come == paths, || {
        Fault::new("completion_order")
            .happened(format!("the pages came as {}", come.join(", ")))
            .expected(format!(
                "they come in the order of the paths, {}, whichever call ends first",
                paths.join(", ")
            ))
            .next("remember which path each page belongs to: an index beside the future, or handles kept in the order of the paths")
    })
}

async fn a_path_given_twice_gives_two_pages<F: FetchAll>() -> Result<(), Fault> {
    let upstream = upstream(&[("users", 50), ("posts", 100)]);
    let paths = ["users", "posts", "users"];
    let pages = F::fetch(&upstream, &paths).await;
    let count = |path: &str| pages.iter().filter(|page| page.path == path).count();
    let come = format!("for {} there came {}", paths.join(", "), listed(&pages));
    ensure(count("users") > 0 && count("posts") == 1, || {
        pages_missing(&come)
    })?;
    ensure(count("users") == 2, || {
        Fault::new("duplicates_lost")
            .happened(&come)
            .expected("each path has its own page, also where two paths are the same")
            .next("tell the calls apart by their position, not by their path")
    })
}

async fn no_paths_give_no_pages<F: FetchAll>() -> Result<(), Fault> {
    let upstream = upstream(&PAGES);
    let pages = F::fetch(&upstream, &[]).await;
    ensure(pages.is_empty() && upstream.hits() == 0, || {
        Fault::new("pages_from_nowhere")
            .happened(format!("for no paths there came {}", listed(&pages)))
            .expected("no paths: no calls, and no pages")
            .next("let the paths alone decide what is fetched")
    })
}

mod fetch_all {
    use super::*;

    #[test]
    fn calls_are_in_flight_together() {
        examine(super::calls_are_in_flight_together::<OnOneTask>);
    }

    #[test]
    fn many_calls_are_in_flight_together() {
        examine(super::many_calls_are_in_flight_together::<OnOneTask>);
    }

    #[test]
    fn pages_come_in_the_order_of_the_paths() {
        examine(super::pages_come_in_the_order_of_the_paths::<OnOneTask>);
    }

    #[test]
    fn a_path_given_twice_gives_two_pages() {
        examine(super::a_path_given_twice_gives_two_pages::<OnOneTask>);
    }

    #[test]
    fn no_paths_give_no_pages() {
        examine(super::no_paths_give_no_pages::<OnOneTask>);
    }
}

mod dashboard {
    use super::*;

    /// The user takes 0.1 s, the orders 0.3 s and the stats 0.2 s.
    fn site(user_id: u64, name: &str) -> Upstream {
        Upstream::builder()
            .route(
                Route::new(format!("users/{user_id}"))
                    .latency(ms(100))
                    .body(name),
            )
            .page(format!("orders/{name}"), ms(300))
            .page(format!("stats/{name}"), ms(200))
            .build()
    }

    #[test]
    fn orders_and_stats_wait_together() {
        examine(async || {
            let upstream = site(7, "alice");
            let (_, took) = timed(super::super::dashboard(&upstream, 7)).await;
            ensure(upstream.high_water() > 1, || {
                Fault::new("one_before_the_other")
                    .happened(format!(
                        "the orders and the stats waited one after the other; it took {}",
                        Readable(took)
                    ))
                    .expected(format!(
                        "once the user is known, both wait at the same time: {} for the user, {} for the slower of the two",
                        Readable(ms(100)),
                        Readable(ms(300))
                    ))
                    .next("make both futures after the user, and await them with `tokio::join!`")
            })?;
            ensure(took == ms(400), || {
                Fault::new("waits_after_the_calls")
                    .happened(format!(
                        "the calls overlapped, and yet it took {}",
                        Readable(took)
                    ))
                    .expected("it takes 0.4 s: 0.1 s for the user, then 0.3 s for the orders")
                    .next("look for a sleep, or for an await that the pages do not need")
            })
        });
    }

    #[test]
    fn each_page_stands_in_its_place() {
        examine(async || {
            let upstream = site(8, "bob");
            let shown = super::super::dashboard(&upstream, 8).await;
            let paths = [&shown.user, &shown.orders, &shown.stats].map(|page| page.path.as_str());
            let expected = ["users/8", "orders/bob", "stats/bob"];
            let fault = |misconception| {
                Fault::new(misconception)
                    .happened(
                        iter::zip(["user", "orders", "stats"], paths)
                            .map(|(field, path)| format!("`{field}` holds {path}"))
                            .collect::<Vec<_>>()
                            .join(", "),
                    )
                    .expected(format!("they hold {}", expected.join(", ")))
            };
            // The stats answer first. Whoever takes the first answer for the orders mixes them up.
            ensure(paths != [expected[0], expected[2], expected[1]], || {
                fault("completion_order")
                    .next("bind each page to its own name: `join!` gives a tuple in the order of its futures")
            })?;
            ensure(paths == expected, || {
                fault("pages_mixed_up").next("look at which path each page is fetched from")
            })
        });
    }

    #[test]
    fn each_page_is_fetched_once() {
        examine(async || {
            let upstream = site(7, "alice");
            super::super::dashboard(&upstream, 7).await;
            let calls = upstream.calls();
            let paths: Vec<_> = calls.iter().map(|call| call.path.as_str()).collect();
            let users = paths
                .iter()
                .filter(|path| path.starts_with("users/"))
                .count();
            ensure(users < 2, || {
                Fault::new("user_fetched_twice")
                    .happened(format!(
                        "the user was fetched {users} times: {}",
                        paths.join(", ")
                    ))
                    .expected("one call for the user, whose name both other calls then use")
                    .next("await the user before the `join!`, not inside each of its futures")
            })?;
            // The same page twice in two fields is found above; here it is a call too many.
            ensure(calls.len() == 3 || paths[1] == paths[2], || {
                Fault::new("calls_too_many")
                    .happened(format!(
                        "{} calls were made: {}",
                        calls.len(),
                        paths.join(", ")
                    ))
                    .expected("three calls, one for each page")
                    .next("keep the page that a call brought, rather than calling again")
            })
        });
    }
}

mod fetch_all_parallel {
    use super::*;

    #[test]
    fn calls_are_in_flight_together() {
        examine(super::calls_are_in_flight_together::<OnTasks>);
    }

    #[test]
    fn each_call_has_a_task_of_its_own() {
        examine(async || {
            let upstream = upstream(&PAGES);
            OnTasks::fetch(&upstream, &paths(&PAGES)).await;
            let calls = upstream.calls();
            let tasks: HashSet<_> = calls.iter().filter_map(|call| call.task).collect();
            ensure(tasks.len() == calls.len(), || {
                Fault::new("one_task_for_all")
                    .happened(format!(
                        "{} calls ran on {} of their own",
                        calls.len(),
                        match tasks.len() {
                            0 => "no task".to_owned(),
                            1 => "one task".to_owned(),
                            several => format!("{several} tasks"),
                        }
                    ))
                    .expected("each call has its own task: futures that are joined on one task share one thread")
                    .next("give each call to `tokio::spawn` or `JoinSet::spawn`")
            })
        });
    }

    #[test]
    fn many_calls_are_in_flight_together() {
        examine(super::many_calls_are_in_flight_together::<OnTasks>);
    }

    #[test]
    fn pages_come_in_the_order_of_the_paths() {
        examine(super::pages_come_in_the_order_of_the_paths::<OnTasks>);
    }

    #[test]
    fn a_panic_in_a_task_surfaces() {
        examine(async || {
            let upstream = Upstream::builder()
                .page("users", ms(100))
                .route(Route::new("posts").latency(ms(50)).fails(503))
                .build();
            let outcome = catch_panic(OnTasks::fetch(&upstream, &["users", "posts"])).await;
            ensure(outcome.is_err(), || {
                let came = outcome.as_deref().map(listed).unwrap_or_default();
                Fault::new("task_panic_swallowed")
                    .happened(format!("the task of `posts` panicked, and the function returned {came} as if nothing had been"))
                    .expected("whoever awaits the pages learns of the panic: the function panics too")
                    .next("do not pass over the `Err` of a `JoinError`: unwrap it, or go on with `std::panic::resume_unwind(error.into_panic())`")
            })
        });
    }

    #[test]
    fn a_path_given_twice_gives_two_pages() {
        examine(super::a_path_given_twice_gives_two_pages::<OnTasks>);
    }

    #[test]
    fn no_paths_give_no_pages() {
        examine(super::no_paths_give_no_pages::<OnTasks>);
    }
}
