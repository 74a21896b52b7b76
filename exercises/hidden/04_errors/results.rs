//! Whether the results are those that the calls yielded, each in its place.

use std::{collections::HashSet, fmt, time::Duration};

use async_workbook::{
    clock::{Readable, timed},
    harness::{counted, listed, ms},
    services::upstream::{Page, Upstream, UpstreamError},
    timeline::Recorder,
    verdict::{Fault, catch_panic, ensure},
};
use tokio::time::timeout;

use hidden_gather::watch::none_restarted;

use crate::{
    Failed, Gather,
    record::Record,
    scenario::{HOUR, Scenario},
};

pub(crate) fn error_swallowed(happened: String) -> Fault {
    Fault::new("error_swallowed")
        .happened(happened)
        .expected("every error is returned, each in the place of its path")
        .next("remove the `flatten`, `filter_map`, `.ok()`, `unwrap_or` or `select_ok` that drops errors, and keep each `Err`")
}

pub(crate) fn error_detail_lost(error: &UpstreamError) -> Fault {
    Fault::new("error_detail_lost")
        .happened(format!(
            "the function returned the error `{error}`, which no call ended with"
        ))
        .expected("the function returns an error unchanged, with its path and its status")
        .next("return the error that `get` yielded, not one that you make")
}

/// No error was returned in place of others: each came as often as calls ended with it.
pub(crate) fn none_repeated(scenario: &Scenario, errors: &[&UpstreamError]) -> Result<(), Fault> {
    let planned = scenario.errors();
    let count = |among: &[&UpstreamError], error| among.iter().filter(|&&it| it == error).count();
    let ended = |error| count(&planned, error);
    let mut came = errors.iter();
    let repeated = came.find(|&&error| (1..count(errors, error)).contains(&ended(error)));
    repeated.map_or(Ok(()), |error| {
        Err(error_detail_lost(error).happened(format!(
            "the function returned the error `{error}` {} times, but {} ended with it",
            count(errors, error),
            counted(ended(error), "call")
        )))
    })
}

pub(crate) fn results_in_completion_order(place: &str, found: String) -> Fault {
    Fault::new("results_in_completion_order")
        .happened(format!("{found} is in the place of {place}"))
        .expected("each result is in the place of its path, whichever call ends first")
        .next("have each future yield its index beside its result: `FuturesUnordered` and `JoinSet` give results in the order in which the calls end")
}

pub(crate) fn results_missing(happened: String) -> Fault {
    Fault::new("results_missing")
        .happened(happened)
        .expected("the function returns one result for each path")
        .next("await every call, and keep every result")
}

pub(crate) fn described_page(page: &Page) -> String {
    match page.body.as_str() {
        "" => format!("an empty page {}", page.path),
        text => format!("the page {} with the text `{text}`", page.path),
    }
}

pub(crate) fn described(result: &Result<Page, Failed>) -> String {
    match result {
        Ok(page) => described_page(page),
        Err(failed) => format!("`{}` (labelled {})", failed.error, failed.path),
    }
}

/// The pages come in the order of the paths.
pub(crate) fn pages_in_order(scenario: &Scenario, pages: &[Page]) -> Result<(), Fault> {
    not_by_the_rest(scenario, &pages.iter().map(Ok).collect::<Vec<_>>())?;
    ensure(pages.len() == scenario.paths.len(), || {
        results_missing(format!(
            "the paths were {}, and the function returned {}",
            listed(&scenario.paths),
            listed(&paths_of(pages))
        ))
    })?;
    for (index, page) in pages.iter().enumerate() {
        ensure(Ok(page) == scenario.results[index].as_ref(), || {
            results_in_completion_order(&scenario.paths[index], described_page(page))
        })?;
    }
    Ok(())
}

/// For no paths, the function makes no calls, returns at once, and doesn't panic.
pub(crate) async fn of_nothing<T: fmt::Debug>(
    recorder: &Recorder,
    function: Gather<T>,
    right: impl FnOnce(&T) -> bool,
    expected: &str,
) -> Result<(), Fault> {
    let upstream = Upstream::builder().page("users", ms(100)).build();
    recorder.restart();
    let outcome = timed(timeout(ms(HOUR), catch_panic(function(&upstream, &[]))));
    let (outcome, took) = outcome.await;
    let (happened, next) = match outcome {
        Err(_) => (
            "the function waited for ever".to_owned(),
            "return early if `paths` is empty: `buffer_unordered(0)` never ends, and neither does a channel whose sender you keep",
        ),
        Ok(Err(message)) => (
            format!("the function panicked: {message}"),
            "return early if `paths` is empty: `select_ok` and `select_all` panic when they're given nothing",
        ),
        Ok(Ok(_)) if upstream.hits() > 0 => (
            format!("the function made {}", counted(upstream.hits(), "call")),
            "make a call for each path, and no others",
        ),
        Ok(Ok(_)) if took > Duration::ZERO => (
            format!("the function took {}", Readable(took)),
            "remove the `sleep`, or whatever else you await",
        ),
        Ok(Ok(output)) if !right(&output) => (
            format!("the function returned `{output:?}`"),
            "return early if `paths` is empty, with the value that is expected",
        ),
        Ok(Ok(_)) => return Ok(()),
    };
    Err(Fault::new("empty_input_not_handled")
        .happened(format!("for no paths, {happened}"))
        .expected(format!("no paths means no calls, and {expected} at once"))
        .next(next))
}

/// No result was placed by the index that `select_all` gives. That index counts among the futures that were left, which
/// `select_all` gives back in another order, and fewer each time.
pub(crate) fn not_by_the_rest(
    scenario: &Scenario,
    came: &[Result<&Page, &UpstreamError>],
) -> Result<(), Fault> {
    let ended = ended_by_select_all(scenario);
    let mut sorted = ended.clone();
    sorted.sort_by_key(|&(_, index)| index);
    let sorted: Vec<_> = sorted.into_iter().map(|(call, _)| call).collect();
    let mut slots = vec![None; ended.len()];
    for &(call, index) in &ended {
        slots[index] = Some(call);
    }
    let slots: Vec<_> = slots.into_iter().flatten().collect();
    let result = |&call: &usize| scenario.results[call].as_ref();
    let is = |calls: &[usize]| calls.iter().map(result).eq(came.iter().copied());
    let right: Vec<_> = (0..ended.len()).collect();
    let as_they_ended: Vec<_> = ended.iter().map(|&(call, _)| call).collect();
    let (pages, errors): (Vec<_>, Vec<_>) =
        (0..ended.len()).partition(|&call| scenario.results[call].is_ok());
    let apart = [pages.clone(), errors].concat();
    // Other mistakes give the same results.
    let by_chance = [right, as_they_ended, pages, apart]
        .iter()
        .any(|calls| is(calls))
        || came.len() < 2;
    let by_the_rest = (is(&sorted) || is(&slots)) && !by_chance;
    let shifted = ended.iter().find(|&&(call, index)| call != index);
    match shifted.filter(|_| by_the_rest) {
        None => Ok(()),
        Some(&(call, index)) => Err(Fault::new("index_into_remaining_futures")
            .happened(format!(
                "when the call for {} ended, `select_all` gave {index} as its index, so its result was put in the place of {}",
                scenario.paths[call], scenario.paths[index]
            ))
            .expected("each result is in the place of its path")
            .next("have each future yield its own index beside its result: the index that `select_all` gives counts among the futures that are left")),
    }
}

/// The calls in the order in which `select_all` gives their results, each with the index that comes with it.
fn ended_by_select_all(scenario: &Scenario) -> Vec<(usize, usize)> {
    let mut rest: Vec<usize> = (0..scenario.paths.len()).collect();
    let mut ended = Vec::new();
    let mut now = Duration::ZERO;
    while !rest.is_empty() {
        match rest
            .iter()
            .position(|&call| scenario.latencies[call] <= now)
        {
            Some(index) => ended.push((rest.swap_remove(index), index)),
            None => {
                let next = rest.iter().map(|&call| scenario.latencies[call]).min();
                now = next.unwrap_or_default();
            }
        }
    }
    ended
}

/// The first and second paths are the same. Both calls' results were returned, though they're equal.
pub(crate) fn two_of_a_kind(scenario: &Scenario, came: usize, noun: &str) -> Result<(), Fault> {
    let all = scenario.paths.len();
    ensure(came + 1 != all, || {
        Fault::new("duplicates_lost")
            .happened(format!(
                "{} was asked for twice, and both calls ended in the same way, but for {}, the function returned {}",
                scenario.paths[0],
                counted(all, "path"),
                counted(came, noun)
            ))
            .expected("each path has its own result, even if two results are equal")
            .next("remove the `dedup` or the set, which merges equal results")
    })
}

/// The first and third paths are the same. It was asked for twice, and both calls' results were returned.
pub(crate) fn twice<T: PartialEq>(
    scenario: &Scenario,
    record: &Record,
    results: Option<&[T]>,
) -> Result<(), Fault> {
    none_restarted(&record.calls)?;
    let (all, calls) = (&scenario.paths, record.calls.len());
    let differ = all.iter().collect::<HashSet<_>>().len();
    let fault = |happened| {
        Fault::new("duplicates_lost")
            .happened(happened)
            .expected(
                "each path is asked for and has its own result, even if two paths are the same",
            )
            .next("tell the calls apart by their position, not by their path")
    };
    let came = results.map(<[T]>::len);
    ensure(calls != differ && came != Some(differ), || {
        let by = came.map_or(String::new(), |came| {
            format!(" and {}", counted(came, "result"))
        });
        fault(format!(
            "for {}, {differ} of them different, there were {}{by}",
            counted(all.len(), "path"),
            counted(calls, "call")
        ))
    })?;
    let one_for_both = matches!(
        results,
        Some([first, other, third, ..]) if first == third && first != other
    );
    let alike = scenario.results[0] == scenario.results[2];
    ensure(alike || !one_for_both, || {
        fault(format!(
            "the two calls for {} had different results, but the result of one was returned for both",
            all[0]
        ))
    })
}

pub(crate) fn paths_of<'a>(pages: impl IntoIterator<Item = &'a Page>) -> Vec<&'a str> {
    pages.into_iter().map(|page| page.path.as_str()).collect()
}
