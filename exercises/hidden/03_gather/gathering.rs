//! The tests that both ways to fetch many pages have in common.
//!
//! A test goes through several scenarios, each with a service of its own: other latencies, other texts. The one with the
//! fewest calls comes first. An answer that is right by luck in one of them isn't in the next.

use async_workbook::{
    harness::{counted, listed},
    services::upstream::Page,
    timeline::Recorder,
    verdict::{Fault, ensure},
};
use futures::future::LocalBoxFuture;

use crate::{
    FetchAll,
    calls::{called_once_each, extra_call_made, none_abandoned, overlapping, results_missing},
    run::{Run, run, run_or_panic},
    scenario::{Scenario, text_of},
    watch::{MOST_OF_A_DAY, none_restarted},
};

/// One of the two ways to fetch many pages, which share a contract.
pub(crate) struct Way {
    pub(crate) fetch: FetchAll,
    /// What to try when the calls don't overlap.
    pub(crate) next: &'static str,
}

impl Way {
    fn code<'a>(&self, scenario: &'a Scenario) -> LocalBoxFuture<'a, Vec<Page>> {
        let fetch = self.fetch;
        Box::pin(async move { fetch(&scenario.upstream, &scenario.paths()).await })
    }
}

/// Fetches all pages of a scenario.
pub(crate) async fn fetch(
    way: &Way,
    recorder: &Recorder,
    scenario: &Scenario,
) -> Result<Run<Vec<Page>>, Fault> {
    run(scenario, recorder, |scenario| way.code(scenario)).await
}

/// The same, but a panic is one of the ways to end.
pub(crate) async fn fetch_or_panic(
    way: &Way,
    recorder: &Recorder,
    scenario: &Scenario,
) -> Result<Result<Run<Vec<Page>>, String>, Fault> {
    run_or_panic(scenario, recorder, |scenario| way.code(scenario)).await
}

pub(crate) async fn calls_are_in_flight_together(
    way: &Way,
    recorder: &Recorder,
) -> Result<(), Fault> {
    let scenario = Scenario::new(1, &[("users", 500), ("posts", 300), ("comments", 200)]);
    let run = fetch(way, recorder, &scenario).await?;
    called_once_each(&scenario)?;
    overlapping(&scenario, &run, way)
}

pub(crate) async fn a_slow_call_is_awaited(way: &Way, recorder: &Recorder) -> Result<(), Fault> {
    // Threads would really wait for the slow one, so other tests find them first.
    for (number, latency) in [(1, 300), (2, MOST_OF_A_DAY)] {
        let pages = [("users", 100), ("posts", latency), ("comments", 200)];
        let scenario = Scenario::new(number, &pages);
        let run = fetch(way, recorder, &scenario).await?;
        called_once_each(&scenario)?;
        overlapping(&scenario, &run, way)?;
        in_order(&scenario, &run.output)?;
    }
    Ok(())
}

/// More calls than any usual limit allows, and once more than a thousand.
pub(crate) async fn many_calls_are_in_flight_together(
    way: &Way,
    recorder: &Recorder,
) -> Result<(), Fault> {
    for (number, calls) in [(1, 12), (2, 40), (3, 270)] {
        let scenario = Scenario::many(number, calls, |call| 100 + call * 37 % 101);
        let run = fetch(way, recorder, &scenario).await?;
        called_once_each(&scenario)?;
        overlapping(&scenario, &run, way)?;
        in_order(&scenario, &run.output)?;
    }
    // All end at once: an answer that polls every call whenever one ends is slow, but right all the same.
    let scenario = Scenario::many(4, 1100, |_| 100);
    let run = fetch(way, recorder, &scenario).await?;
    called_once_each(&scenario)?;
    overlapping(&scenario, &run, way)
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
    let orders = std::iter::zip(0.., &orders);
    let few = orders.map(|(number, pages)| Scenario::new(number, pages));
    // Position 10 comes before 2 if positions are compared as text.
    let dozen = Scenario::many(4, 12, |call| 100 + call * 50 % 120);
    for scenario in few.chain([dozen]) {
        let run = fetch(way, recorder, &scenario).await?;
        called_once_each(&scenario)?;
        in_order(&scenario, &run.output)?;
    }
    Ok(())
}

/// The pages, their paths and their texts, come in the order of the paths.
pub(crate) fn in_order(scenario: &Scenario, pages: &[Page]) -> Result<(), Fault> {
    let paths = scenario.paths();
    let come: Vec<_> = pages.iter().map(|page| page.path.as_str()).collect();
    let missing = paths.iter().find(|path| !come.contains(path));
    ensure(come.len() == paths.len() && missing.is_none(), || {
        let example = missing.map_or(String::new(), |path| format!(", but no {path}"));
        results_missing(format!(
            "the paths were {}, and the function returned {}{example}",
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
                "{} is in the place of {path}, with the text `{}`",
                page.path, page.body
            )
        });
        Fault::new("results_in_completion_order")
            .happened(example)
            .expected("each page is in the place of its path, whichever call ends first")
            .next("keep an index beside each future, or keep the handles in the order of the paths")
    })
}

pub(crate) async fn a_path_given_twice_gives_two_pages(
    way: &Way,
    recorder: &Recorder,
) -> Result<(), Fault> {
    let mut scenario = Scenario::new(1, &[("users", 50), ("posts", 100)]);
    scenario.paths.push("users".into());
    let pages = fetch(way, recorder, &scenario).await?.output;
    let paths = scenario.paths();
    let come: Vec<_> = pages.iter().map(|page| page.path.as_str()).collect();
    let calls = scenario.calls();
    none_restarted(&calls)?;
    none_abandoned(&calls)?;
    ensure(calls.len() <= 3, || extra_call_made(calls.len(), 3))?;
    let users = come.iter().filter(|&&path| path == "users").count();
    ensure(users != 1 && calls.len() == 3, || {
        Fault::new("duplicates_lost")
            .happened(format!(
                "the paths were {}, and the function returned {} from {}",
                listed(&paths),
                listed(&come),
                counted(calls.len(), "call")
            ))
            .expected("each path is fetched and has its own page, even if two paths are the same")
            .next("tell the calls apart by their position, not by their path")
    })?;
    in_order(&scenario, &pages)
}

pub(crate) async fn no_paths_give_no_pages(way: &Way, recorder: &Recorder) -> Result<(), Fault> {
    let mut scenario = Scenario::new(1, &[("users", 100)]);
    scenario.paths.clear();
    let pages = fetch(way, recorder, &scenario).await?.output;
    let calls = scenario.calls().len();
    ensure(pages.is_empty() && calls == 0, || {
        Fault::new("result_invented")
            .happened(format!(
                "for no paths, the function made {} and returned {}",
                counted(calls, "call"),
                counted(pages.len(), "page")
            ))
            .expected("no paths means no calls and no pages")
            .next("make one call for each element of `paths`, and no others")
    })
}
