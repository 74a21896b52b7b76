//! Which pages were fetched, and in which order they came.

use async_workbook::{
    harness::{counted, listed},
    services::upstream::{Outcome, Page},
    verdict::{Fault, ensure},
};

use crate::{
    faults::{call_dropped_early, call_rejected_when_full, extra_call_made, unrequested_cache},
    scenario::{Scenario, is_text_of, text_of},
};

pub(crate) fn results_missing(happened: String) -> Fault {
    Fault::new("results_missing")
        .happened(happened)
        .expected("there's one page for each path")
        .next("await every call, and keep every page")
}

/// Each call was made once, and ran to its end.
pub(crate) fn called_once_each(scenario: &Scenario, pages: &[Page]) -> Result<(), Fault> {
    let calls = scenario.calls();
    let all = scenario.paths.len();
    let called = |path: &str| calls.iter().any(|call| call.path == path);
    let mut come = pages.iter();
    let cached = come.find(|page| is_text_of(page) && !called(&page.path));
    cached.map_or(Ok(()), |page| Err(unrequested_cache(&page.path)))?;
    ensure(calls.len() == all || calls.len() != scenario.limit, || {
        call_rejected_when_full(format!(
            "the function fetched only {} of {all} paths: as many as the limit",
            calls.len()
        ))
    })?;
    ensure(calls.len() >= all, || {
        results_missing(format!(
            "the upstream got {} for {}",
            counted(calls.len(), "call"),
            counted(all, "path")
        ))
    })?;
    ensure(calls.len() <= all, || extra_call_made(calls.len(), all))?;
    let mut paths = scenario.paths.iter();
    let missed = paths.find(|path| calls.iter().all(|call| call.path != **path));
    ensure(missed.is_none(), || {
        let path = missed.map_or("", String::as_str);
        results_missing(format!(
            "the function never asked for {path}, and fetched others more than once"
        ))
    })?;
    let abandoned = calls
        .iter()
        .find(|call| !matches!(call.outcome, Some(Outcome::Answered | Outcome::Failed)));
    abandoned.map_or(Ok(()), |call| {
        let how = match call.outcome {
            None => "was still running when the function returned",
            _ => "was dropped before it had its answer",
        };
        Err(call_dropped_early(format!(
            "the call for {} {how}",
            call.path
        )))
    })
}

/// The pages, their paths and their texts, come in the order of the paths.
pub(crate) fn in_order(scenario: &Scenario, pages: &[Page]) -> Result<(), Fault> {
    let paths = scenario.paths();
    let come: Vec<_> = pages.iter().map(|page| page.path.as_str()).collect();
    let missing = paths.iter().find(|path| !come.contains(path));
    ensure(come.len() == paths.len() && missing.is_none(), || {
        let example = missing.map_or(String::new(), |path| format!(", and no {path}"));
        results_missing(format!(
            "for {}, the function returned {}{example}",
            listed(&paths),
            listed(&come)
        ))
    })?;
    let belongs = |page: &Page| page.body == text_of(&page.path, scenario.number);
    let wrong =
        std::iter::zip(&paths, pages).find(|(path, page)| page.path != **path || !belongs(page));
    wrong.map_or(Ok(()), |(path, page)| {
        Err(Fault::new("results_in_completion_order")
            .happened(format!(
                "in the place of {path}, the function returned {} with the text `{}`",
                page.path, page.body
            ))
            .expected("the pages come in the order of their paths, whichever call ends first")
            .next("use `join_all` or `buffered`, which keep the order, or sort the pages by the index of their paths"))
    })
}
