//! What both ways to fetch many pages are held to.
//!
//! A test goes through several scenarios, each with a service of its own: other latencies, other texts, and the fewest
//! calls first that show a mistake. An answer that is right by luck in one of them is not in the next.

use async_workbook::{
    harness::{counted, listed},
    services::upstream::Page,
    timeline::Recorder,
    verdict::{Fault, ensure},
};
use futures::future::LocalBoxFuture;

use crate::{
    FetchAll,
    calls::{called_once_each, calls_too_many, none_abandoned, overlapping, pages_missing},
    run::{Run, run, run_or_panic},
    scenario::{Scenario, text_of},
    watch::{MOST_OF_A_DAY, none_restarted},
};

/// One of the two ways to fetch many pages, both of which are held to the same contract.
pub(crate) struct Way {
    pub(crate) fetch: FetchAll,
    /// What to try when the calls do not overlap.
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

/// The same, where a panic is one of the ways to end.
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
    // Threads would really wait for the slow one: they are found out before.
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

/// More calls than any customary limit, a thousand among them.
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
    // All end at once: an answer that polls every call for each that ends is slow, and no less right.
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
    // Position 10 comes before 2 where positions are compared as texts.
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
    let pages = fetch(way, recorder, &scenario).await?.output;
    let paths = scenario.paths();
    let come: Vec<_> = pages.iter().map(|page| page.path.as_str()).collect();
    let calls = scenario.calls();
    none_restarted(&calls)?;
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
    let pages = fetch(way, recorder, &scenario).await?.output;
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
