//! Which pages were fetched, and where they stand.

use async_workbook::{
    harness::{counted, listed},
    services::upstream::{Outcome, Page},
    verdict::{Fault, ensure},
};

use crate::{
    faults::{calls_abandoned, calls_too_many, gives_up_when_full},
    scenario::{Scenario, text_of},
};

pub(crate) fn pages_missing(happened: String) -> Fault {
    Fault::new("pages_missing")
        .happened(happened)
        .expected("there is one page for each path")
        .next("await every call, and keep each of the pages")
}

/// Each call was made once, and went on to its end.
pub(crate) fn called_once_each(scenario: &Scenario) -> Result<(), Fault> {
    let calls = scenario.calls();
    let all = scenario.paths.len();
    ensure(calls.len() == all || calls.len() != scenario.limit, || {
        gives_up_when_full(format!(
            "only {} of {all} paths were fetched: as many as the limit",
            calls.len()
        ))
    })?;
    ensure(calls.len() >= all, || {
        pages_missing(format!(
            "the upstream got {} for {}",
            counted(calls.len(), "call"),
            counted(all, "path")
        ))
    })?;
    ensure(calls.len() <= all, || calls_too_many(calls.len(), all))?;
    let mut paths = scenario.paths.iter();
    let missed = paths.find(|path| calls.iter().all(|call| call.path != **path));
    ensure(missed.is_none(), || {
        let path = missed.map_or("", String::as_str);
        pages_missing(format!(
            "nobody asked for {path}, while others were fetched more than once"
        ))
    })?;
    let abandoned = calls
        .iter()
        .find(|call| !matches!(call.outcome, Some(Outcome::Answered | Outcome::Failed)));
    abandoned.map_or(Ok(()), |call| {
        let how = match call.outcome {
            None => "was still under way when the function returned",
            _ => "was dropped before it had its answer",
        };
        Err(calls_abandoned(format!("the call for {} {how}", call.path)))
    })
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
    let wrong =
        std::iter::zip(&paths, pages).find(|(path, page)| page.path != **path || !belongs(page));
    wrong.map_or(Ok(()), |(path, page)| {
        Err(Fault::new("completion_order")
            .happened(format!(
                "in the place of {path} stands {}, with the text `{}`",
                page.path, page.body
            ))
            .expected("each page stands in the place of its path, whichever call ends first")
            .next("carry the index of the path along and sort by it, or use what keeps the order: `buffered`, `join_all`"))
    })
}
