//! What both ways to fetch many pages are held to.
//!
//! A test goes through several scenarios, each with a service of its own: other latencies, other texts.
//! An answer that is right by luck in one of them is not in the next.

use std::{collections::HashSet, time::Duration};

use async_workbook::{
    clock::{Readable, timed},
    harness::{counted, listed, ms},
    services::upstream::{Call, Outcome, Page, Route, Upstream},
    timeline::Recorder,
    verdict::{Fault, ensure},
};

use crate::FetchAll;

/// The text of a page, which it has in no other scenario.
fn text_of(path: &str, number: usize) -> String {
    format!("{path} of scenario {number}")
}

/// A service, and the paths to ask it for.
pub(crate) struct Scenario {
    pub(crate) number: usize,
    pub(crate) upstream: Upstream,
    pub(crate) paths: Vec<String>,
}

impl Scenario {
    /// Paths with their latencies in milliseconds. Each page has a text that no other scenario has.
    pub(crate) fn new(number: usize, pages: &[(&str, u64)]) -> Self {
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

    pub(crate) fn paths(&self) -> Vec<&str> {
        self.paths.iter().map(String::as_str).collect()
    }

    /// The calls that were really made: a future that nobody polled is none.
    pub(crate) fn calls(&self) -> Vec<Call> {
        let calls = self.upstream.calls().into_iter();
        calls.filter(|call| call.started.is_some()).collect()
    }
}

/// One of the two ways to fetch many pages, both of which are held to the same contract.
pub(crate) struct Way {
    pub(crate) fetch: FetchAll,
    /// What to try when the calls do not overlap.
    pub(crate) next: &'static str,
}

/// Fetches all pages of a scenario, and returns them with the time that it took.
pub(crate) async fn fetch(
    way: &Way,
    recorder: &Recorder,
    scenario: &Scenario,
) -> (Vec<Page>, Duration) {
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

pub(crate) fn calls_too_many(made: usize, expected: usize) -> Fault {
    Fault::new("calls_too_many")
        .happened(format!(
            "the upstream got {} where {expected} are enough",
            counted(made, "call")
        ))
        .expected("there is one call for each page")
        .next("keep the page that a call brought, rather than calling again")
}

pub(crate) fn none_abandoned(calls: &[Call]) -> Result<(), Fault> {
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

pub(crate) fn pages_missing(happened: String) -> Fault {
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

pub(crate) fn length(call: &Call) -> Option<Duration> {
    Some(call.ended?.duration_since(call.started?))
}

pub(crate) fn on_other_clocks(slowest: Duration, took: Duration) -> Fault {
    Fault::new("threads_block_the_runtime")
        .happened(format!(
            "the calls took up to {}, but the runtime's clock saw {}: they ran on threads, or a runtime, of their own",
            Readable(slowest),
            Readable(took)
        ))
        .expected("the runtime that awaits the function does all of the waiting")
        .next("use no threads, no second runtime and no `block_on`: futures that are joined overlap by themselves")
}

pub(crate) fn needless_wait(slowest: Duration, took: Duration) -> Fault {
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

pub(crate) async fn calls_are_in_flight_together(
    way: &Way,
    recorder: &Recorder,
) -> Result<(), Fault> {
    let scenario = Scenario::new(1, &[("users", 500), ("posts", 300), ("comments", 200)]);
    let (_, took) = fetch(way, recorder, &scenario).await;
    called_once_each(&scenario)?;
    overlapping(&scenario, took, way.next)
}

/// More calls than any customary limit, and one that takes an hour: longer than any customary timeout.
pub(crate) async fn many_calls_are_in_flight_together(
    way: &Way,
    recorder: &Recorder,
) -> Result<(), Fault> {
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

pub(crate) async fn pages_come_in_the_order_of_the_paths(
    way: &Way,
    recorder: &Recorder,
) -> Result<(), Fault> {
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

pub(crate) async fn a_path_given_twice_gives_two_pages(
    way: &Way,
    recorder: &Recorder,
) -> Result<(), Fault> {
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

pub(crate) async fn no_paths_give_no_pages(way: &Way, recorder: &Recorder) -> Result<(), Fault> {
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
