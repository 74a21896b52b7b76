//! The hidden tests of chapter 03. They run on the paused clock, so that every time in them is exact.
//!
//! A test goes through several scenarios, each with a service of its own: other latencies, other texts.
//! An answer that is right by luck in one of them is not in the next.

use std::{collections::HashSet, time::Duration};

use async_workbook::{
    clock::{Readable, timed},
    services::upstream::{Call, Outcome, Route},
    timeline::Recorder,
    verdict::{Fault, catch_panic, ensure, examine},
};

use futures::future::LocalBoxFuture;

use super::*;

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn listed(paths: &[&str]) -> String {
    match paths {
        [] => "nothing".into(),
        paths if paths.len() > 12 => format!("{} pages", paths.len()),
        paths => {
            let named = paths.iter().map(|&path| {
                if path.is_empty() {
                    "an empty page"
                } else {
                    path
                }
            });
            named.collect::<Vec<_>>().join(", ")
        }
    }
}

fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// The text of a page, which it has in no other scenario.
fn text_of(path: &str, number: usize) -> String {
    format!("{path} of scenario {number}")
}

/// A service, and the paths to ask it for.
struct Scenario {
    number: usize,
    upstream: Upstream,
    paths: Vec<String>,
}

impl Scenario {
    /// Paths with their latencies in milliseconds. Each page has a text that no other scenario has.
    fn new(number: usize, pages: &[(&str, u64)]) -> Self {
        let route = |&(path, latency)| {
            Route::new(path)
                .latency(ms(latency))
                .body(text_of(path, number))
        };
        Self {
            number,
            upstream: pages
                .iter()
                .map(route)
                .fold(Upstream::builder(), |builder, route| builder.route(route))
                .build(),
            paths: pages.iter().map(|&(path, _)| path.to_owned()).collect(),
        }
    }

    fn paths(&self) -> Vec<&str> {
        self.paths.iter().map(String::as_str).collect()
    }

    /// The calls that were really made: a future that nobody polled is none.
    fn calls(&self) -> Vec<Call> {
        let calls = self.upstream.calls().into_iter();
        calls.filter(|call| call.started.is_some()).collect()
    }
}

/// One of the two ways to fetch many pages, both of which are held to the same contract.
struct Way {
    next: &'static str,
    fetch: for<'a> fn(&'a Upstream, &'a [&'a str]) -> LocalBoxFuture<'a, Vec<Page>>,
}

const ON_ONE_TASK: Way = Way {
    next: "hand all futures to one `join_all`, in place of a loop over them, and hold no lock across a call",
    fetch: |upstream, paths| Box::pin(super::fetch_all(upstream, paths)),
};

const ON_TASKS: Way = Way {
    next: "spawn every task before the first is awaited, and hold no lock or permit across a call",
    fetch: |upstream, paths| {
        let paths = paths.iter().map(|&path| path.to_owned()).collect();
        Box::pin(super::fetch_all_parallel(Arc::new(upstream.clone()), paths))
    },
};

/// Fetches all pages of a scenario, and returns them with the time that it took.
async fn fetch(way: &Way, recorder: &Recorder, scenario: &Scenario) -> (Vec<Page>, Duration) {
    recorder.restart();
    timed((way.fetch)(&scenario.upstream, &scenario.paths())).await
}

/// Each call was made once, and went on to its end.
fn called_once_each(scenario: &Scenario) -> Result<(), Fault> {
    let calls = scenario.calls();
    let expected = scenario.paths.len();
    ensure(calls.len() >= expected, || {
        pages_missing(format!(
            "the upstream got {} for {}",
            counted(calls.len(), "call"),
            counted(expected, "path")
        ))
    })?;
    ensure(calls.len() <= expected, || {
        calls_too_many(calls.len(), expected)
    })?;
    none_abandoned(&calls)
}

fn calls_too_many(made: usize, expected: usize) -> Fault {
    Fault::new("calls_too_many")
        .happened(format!(
            "the upstream got {} where {expected} are enough",
            counted(made, "call")
        ))
        .expected("there is one call for each page")
        .next("keep the page that a call brought, rather than calling again")
}

fn none_abandoned(calls: &[Call]) -> Result<(), Fault> {
    let abandoned = calls
        .iter()
        .find(|call| !matches!(call.outcome, Some(Outcome::Answered | Outcome::Failed)));
    ensure(abandoned.is_none(), || {
        let (path, how) = abandoned.map_or(("", ""), |call| match call.outcome {
            None => (&call.path, "was still under way when the function returned"),
            _ => (&call.path, "was dropped before it had its answer"),
        });
        Fault::new("calls_abandoned")
            .happened(format!("the call for {path} {how}"))
            .expected("every call that was begun is awaited to its end, however long it takes")
            .next("look for a timeout, a `select!`, or a task whose handle nobody awaits")
    })
}

fn pages_missing(happened: String) -> Fault {
    Fault::new("pages_missing")
        .happened(happened)
        .expected("there is one page for each path")
        .next("await every call, and keep each of the pages")
}

/// All calls overlap, and nothing else takes time.
fn overlapping(scenario: &Scenario, took: Duration, next: &str) -> Result<(), Fault> {
    let calls = scenario.calls();
    let slowest = calls.iter().filter_map(length).max().unwrap_or_default();
    ensure(took >= slowest, || on_other_clocks(slowest, took))?;
    let at_most = scenario.upstream.high_water();
    ensure(at_most == calls.len(), || {
        not_together(&calls, at_most, took, slowest).next(next)
    })?;
    ensure(took == slowest, || needless_wait(slowest, took))
}

fn length(call: &Call) -> Option<Duration> {
    Some(call.ended?.duration_since(call.started?))
}

fn on_other_clocks(slowest: Duration, took: Duration) -> Fault {
    Fault::new("threads_block_the_runtime")
        .happened(format!(
            "the calls took up to {}, but the runtime's clock saw {}: they ran on threads, or a runtime, of their own",
            Readable(slowest),
            Readable(took)
        ))
        .expected("the runtime that awaits the function does all of the waiting")
        .next("use no threads, no second runtime and no `block_on`: futures that are joined overlap by themselves")
}

fn needless_wait(slowest: Duration, took: Duration) -> Fault {
    Fault::new("needless_wait")
        .happened(format!(
            "the calls overlapped and were done in {}, and yet the function took {}",
            Readable(slowest),
            Readable(took)
        ))
        .expected("the calls begin at once, and the function ends when the last of them does")
        .next("look for a sleep, or for an await that the pages do not need")
}

/// Why the calls did not overlap, told from when their futures were made, and on which tasks they ran.
fn not_together(calls: &[Call], at_most: usize, took: Duration, slowest: Duration) -> Fault {
    let all = calls.len();
    let expected = format!(
        "all {all} calls wait at the same time, and the function takes {}, as long as the slowest",
        Readable(slowest)
    );
    if at_most > 1 {
        return Fault::new("too_few_in_flight")
            .happened(format!(
                "at most {at_most} of the {all} calls were in flight together; it took {}",
                Readable(took)
            ))
            .expected(expected);
    }
    let tasks: HashSet<_> = calls.iter().filter_map(|call| call.task).collect();
    let all_made_first = calls.iter().all(|call| Some(call.created) < calls[0].ended);
    let (misconception, how) = if tasks.len() == all {
        (
            "spawn_awaited_at_once",
            "each call had a task, but began only after the one before had ended",
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
        .happened(format!("{how}; it took {}", Readable(took)))
        .expected(expected)
}

async fn calls_are_in_flight_together(way: &Way, recorder: &Recorder) -> Result<(), Fault> {
    let scenario = Scenario::new(1, &[("users", 500), ("posts", 300), ("comments", 200)]);
    let (_, took) = fetch(way, recorder, &scenario).await;
    called_once_each(&scenario)?;
    overlapping(&scenario, took, way.next)
}

/// More calls than any customary limit, and one that takes an hour: longer than any customary timeout.
async fn many_calls_are_in_flight_together(way: &Way, recorder: &Recorder) -> Result<(), Fault> {
    const CALLS: u64 = 270;
    let names: Vec<_> = (0..CALLS).map(|call| format!("calls/{call}")).collect();
    let latency = |call: u64| {
        if call == 7 {
            3_600_000
        } else {
            100 + call * 37 % 101
        }
    };
    let pages: Vec<_> = std::iter::zip(&names, 0..)
        .map(|(name, call)| (name.as_str(), latency(call)))
        .collect();
    let scenario = Scenario::new(1, &pages);
    let (pages, took) = fetch(way, recorder, &scenario).await;
    called_once_each(&scenario)?;
    overlapping(&scenario, took, way.next)?;
    in_order(&scenario, &pages)
}

async fn pages_come_in_the_order_of_the_paths(way: &Way, recorder: &Recorder) -> Result<(), Fault> {
    let orders = [
        [("users", 300), ("posts", 200), ("comments", 100)],
        [("users", 100), ("posts", 200), ("comments", 300)],
        [("users", 200), ("posts", 300), ("comments", 100)],
        [("users", 100), ("posts", 100), ("comments", 100)],
    ];
    for (number, pages) in orders.iter().enumerate() {
        let scenario = Scenario::new(number, pages);
        let (pages, _) = fetch(way, recorder, &scenario).await;
        called_once_each(&scenario)?;
        in_order(&scenario, &pages)?;
    }
    Ok(())
}

/// The pages, their paths and their texts, come in the order of the paths.
fn in_order(scenario: &Scenario, pages: &[Page]) -> Result<(), Fault> {
    let paths = scenario.paths();
    let come: Vec<_> = pages.iter().map(|page| page.path.as_str()).collect();
    let missing = paths.iter().find(|path| !come.contains(path));
    ensure(come.len() == paths.len() && missing.is_none(), || {
        let example = missing.map_or(String::new(), |path| format!(", and no {path}"));
        pages_missing(format!(
            "for {} there came {}{example}",
            listed(&paths),
            listed(&come)
        ))
    })?;
    let belongs = |page: &Page| page.body == text_of(&page.path, scenario.number);
    ensure(come == paths && pages.iter().all(belongs), || {
        let wrong = std::iter::zip(&paths, pages)
            .find(|(path, page)| page.path != **path || !belongs(page));
        let example = wrong.map_or(String::new(), |(path, page)| {
            format!(
                "in the place of {path} stands {}, with the text `{}`",
                page.path, page.body
            )
        });
        Fault::new("completion_order")
            .happened(example)
            .expected("each page stands in the place of its path, whichever call ends first")
            .next("remember which path each page belongs to: an index beside the future, or handles kept in the order of the paths")
    })
}

async fn a_path_given_twice_gives_two_pages(way: &Way, recorder: &Recorder) -> Result<(), Fault> {
    let mut scenario = Scenario::new(1, &[("users", 50), ("posts", 100)]);
    scenario.paths.push("users".into());
    let (pages, _) = fetch(way, recorder, &scenario).await;
    let paths = scenario.paths();
    let come: Vec<_> = pages.iter().map(|page| page.path.as_str()).collect();
    let calls = scenario.calls();
    none_abandoned(&calls)?;
    ensure(calls.len() <= 3, || calls_too_many(calls.len(), 3))?;
    let users = come.iter().filter(|&&path| path == "users").count();
    ensure(users != 1 && calls.len() == 3, || {
        Fault::new("duplicates_lost")
            .happened(format!(
                "for {} there came {}, by {}",
                listed(&paths),
                listed(&come),
                counted(calls.len(), "call")
            ))
            .expected(
                "each path is fetched and has its own page, also where two paths are the same",
            )
            .next("tell the calls apart by their position, not by their path")
    })?;
    in_order(&scenario, &pages)
}

async fn no_paths_give_no_pages(way: &Way, recorder: &Recorder) -> Result<(), Fault> {
    let mut scenario = Scenario::new(1, &[("users", 100)]);
    scenario.paths.clear();
    let (pages, _) = fetch(way, recorder, &scenario).await;
    let calls = scenario.calls().len();
    ensure(pages.is_empty() && calls == 0, || {
        Fault::new("pages_from_nowhere")
            .happened(format!(
                "for no paths there were {} and {}",
                counted(calls, "call"),
                counted(pages.len(), "page")
            ))
            .expected("no paths: no calls, and no pages")
            .next("let the paths alone decide what is fetched")
    })
}

mod fetch_all {
    use super::*;

    #[test]
    fn calls_are_in_flight_together() {
        examine(async |recorder| super::calls_are_in_flight_together(&ON_ONE_TASK, recorder).await);
    }

    #[test]
    fn many_calls_are_in_flight_together() {
        examine(async |recorder| {
            super::many_calls_are_in_flight_together(&ON_ONE_TASK, recorder).await
        });
    }

    #[test]
    fn pages_come_in_the_order_of_the_paths() {
        examine(async |recorder| {
            super::pages_come_in_the_order_of_the_paths(&ON_ONE_TASK, recorder).await
        });
    }

    #[test]
    fn a_path_given_twice_gives_two_pages() {
        examine(async |recorder| {
            super::a_path_given_twice_gives_two_pages(&ON_ONE_TASK, recorder).await
        });
    }

    #[test]
    fn no_paths_give_no_pages() {
        examine(async |recorder| super::no_paths_give_no_pages(&ON_ONE_TASK, recorder).await);
    }
}

mod dashboard {
    use super::*;

    /// A user by id and name, and how long the orders and the stats take; the user takes 0.1 s.
    const SITES: [(u64, &str, [u64; 2]); 3] = [
        (7, "alice", [300, 200]),
        (8, "bob", [200, 300]),
        (9, "Carol Ann", [3_600_000, 200]),
    ];

    fn paths((id, name, _): (u64, &str, [u64; 2])) -> [String; 3] {
        [
            format!("users/{id}"),
            format!("orders/{name}"),
            format!("stats/{name}"),
        ]
    }

    async fn show(
        recorder: &Recorder,
        site: (u64, &str, [u64; 2]),
    ) -> (Scenario, Dashboard, Duration) {
        let (_, name, [orders, stats]) = site;
        let [user, orders_path, stats_path] = paths(site);
        let upstream = Upstream::builder()
            .route(Route::new(user.as_str()).latency(ms(100)).body(name))
            .page(orders_path.as_str(), ms(orders))
            .page(stats_path.as_str(), ms(stats))
            .build();
        let scenario = Scenario {
            number: 0,
            upstream,
            paths: vec![user, orders_path, stats_path],
        };
        recorder.restart();
        let (shown, took) = timed(super::super::dashboard(&scenario.upstream, site.0)).await;
        (scenario, shown, took)
    }

    #[test]
    fn each_page_is_fetched_once() {
        examine(async |recorder: &Recorder| {
            for site in SITES {
                let (scenario, ..) = show(recorder, site).await;
                let calls = scenario.calls();
                let count = |path: &str| calls.iter().filter(|call| call.path == path).count();
                let [user, orders, stats] = paths(site);
                ensure(count(&user) < 2, || {
                    Fault::new("user_fetched_twice")
                        .happened(format!("the user was fetched {} times", count(&user)))
                        .expected("one call for the user, whose name both other calls then use")
                        .next("await the user before the `join!`, not inside each of its futures")
                })?;
                ensure(calls.len() <= 3, || calls_too_many(calls.len(), 3))?;
                // The same page in two places is told by the next test.
                let copied = count(&orders) == 2 || count(&stats) == 2;
                let all = count(&user) + count(&orders) + count(&stats);
                ensure(all == 3 && (copied || count(&orders) == 1), || {
                    let made: Vec<_> = calls.iter().map(|call| call.path.as_str()).collect();
                    pages_missing(format!("the calls that were made: {}", listed(&made)))
                })?;
                none_abandoned(&calls)?;
            }
            Ok(())
        });
    }

    #[test]
    fn each_page_stands_in_its_place() {
        examine(async |recorder: &Recorder| {
            let mut swapped = 0;
            let mut last = None;
            for site in SITES {
                let (_, shown, _) = show(recorder, site).await;
                let [user, orders, stats] = paths(site);
                let text = |path: &str| format!("{path} page");
                let holds =
                    |page: &Page, path: &str, body: &str| page.path == path && page.body == body;
                let right = holds(&shown.user, &user, site.1)
                    && holds(&shown.orders, &orders, &text(&orders))
                    && holds(&shown.stats, &stats, &text(&stats));
                if !right {
                    swapped += usize::from(
                        shown.orders.body == text(&stats) && shown.stats.body == text(&orders),
                    );
                    last = Some(shown);
                }
            }
            let Some(shown) = last else { return Ok(()) };
            let happened = format!(
                "`user` holds {}, `orders` holds {} and `stats` holds {}",
                shown.user.body, shown.orders.body, shown.stats.body
            );
            // Whoever takes the first answer for the orders mixes them up where the stats are faster.
            Err(if (1..SITES.len()).contains(&swapped) {
                Fault::new("completion_order")
                    .happened(format!("when the other answer came first, {happened}"))
                    .expected("each field holds its own page, whichever answer comes first")
                    .next("bind each page to its own name: `join!` gives a tuple in the order of its futures")
            } else {
                Fault::new("pages_mixed_up")
                    .happened(happened)
                    .expected("each field holds its own page")
                    .next("look at which path each page is fetched from, and where it is put")
            })
        });
    }

    #[test]
    fn orders_and_stats_wait_together() {
        examine(async |recorder: &Recorder| {
            for site in SITES {
                let (scenario, _, took) = show(recorder, site).await;
                let (user, others): (Vec<_>, Vec<_>) = scenario
                    .calls()
                    .into_iter()
                    .partition(|call| call.path.starts_with("users/"));
                let slower = others.iter().filter_map(length).max().unwrap_or_default();
                let expected = ms(100) + slower;
                ensure(took >= expected, || on_other_clocks(expected, took))?;
                // How long after the user was there each of the others was asked for.
                let user_there = user.first().and_then(|call| call.ended);
                let late = |call: &Call| Some(call.started?.duration_since(user_there?));
                ensure(
                    others.iter().filter_map(late).all(|late| late.is_zero()),
                    || {
                        let late = others.iter().filter_map(|call| {
                            Some(format!(
                                "{} was asked for {} later",
                                call.path,
                                Readable(late(call)?)
                            ))
                        });
                        Fault::new("one_before_the_other")
                        .happened(format!(
                            "when the user was there, {}; it took {}",
                            late.collect::<Vec<_>>().join(", "),
                            Readable(took)
                        ))
                        .expected(format!(
                            "both are asked for as soon as the user is there, and it takes {}: {} for the user, {} for the slower of the two",
                            Readable(expected),
                            Readable(ms(100)),
                            Readable(slower)
                        ))
                        .next("make both futures after the user, and await them with one `tokio::join!`")
                    },
                )?;
                ensure(took == expected, || needless_wait(expected, took))?;
            }
            Ok(())
        });
    }
}

mod fetch_all_parallel {
    use super::*;

    #[test]
    fn calls_are_in_flight_together() {
        examine(async |recorder| super::calls_are_in_flight_together(&ON_TASKS, recorder).await);
    }

    #[test]
    fn each_call_has_a_task_of_its_own() {
        examine(async |recorder: &Recorder| {
            let names: Vec<_> = (0..40).map(|call| format!("calls/{call}")).collect();
            let pages: Vec<_> = names.iter().map(|name| (name.as_str(), 100)).collect();
            let scenario = Scenario::new(1, &pages);
            fetch(&ON_TASKS, recorder, &scenario).await;
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

    #[test]
    fn many_calls_are_in_flight_together() {
        examine(async |recorder| {
            super::many_calls_are_in_flight_together(&ON_TASKS, recorder).await
        });
    }

    #[test]
    fn pages_come_in_the_order_of_the_paths() {
        examine(async |recorder| {
            super::pages_come_in_the_order_of_the_paths(&ON_TASKS, recorder).await
        });
    }

    /// Whichever of the calls fails, however, first or last to end.
    #[test]
    fn a_panic_in_a_task_surfaces() {
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
                    let outcome = catch_panic((ON_TASKS.fetch)(&upstream, &paths)).await;
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

    #[test]
    fn a_path_given_twice_gives_two_pages() {
        examine(async |recorder| {
            super::a_path_given_twice_gives_two_pages(&ON_TASKS, recorder).await
        });
    }

    #[test]
    fn no_paths_give_no_pages() {
        examine(async |recorder| super::no_paths_give_no_pages(&ON_TASKS, recorder).await);
    }
}
