//! Callers of a client, and what the client promises them.

use std::time::Duration;

use async_workbook::{
    harness::counted,
    services::upstream::{Call, Page, UpstreamError},
    timeline::Recorder,
    verdict::{Fault, ensure},
};
use futures::future::join_all;

use crate::{
    Answer, Client, closer,
    faults::{call_rejected_when_full, extra_call_made, permit_leaked, unrequested_cache},
    hang::ends,
    limit::limit_kept,
    scenario::{Scenario, is_text_of, limit_of, text_of},
    window::{nothing_wasted, window_slides},
    work::Work,
};

pub(super) const WORK: Work = Work {
    noun: "call",
    unlimited: "limit_per_call",
    unlimited_why: "each had a permit of its own semaphore, or none",
    unlimited_next: "make one semaphore in `new`, and begin `get` with `let _permit = self.permits.acquire().await…`: `let _ = …` drops the permit on the spot",
    attempt: |answer, scenario| {
        let limited = client(answer, scenario);
        Box::pin(async move {
            let _got = get_all(&*limited, &scenario.paths).await;
        })
    },
};

pub(super) fn client(answer: &Answer, scenario: &Scenario) -> Box<dyn Client> {
    (answer.limited)(scenario.upstream.clone(), limit_of(scenario.limit))
}

pub(super) type Got = Vec<Result<Page, UpstreamError>>;

pub(super) async fn get_all(limited: &dyn Client, paths: &[String]) -> Got {
    join_all(paths.iter().map(|path| limited.call_get(path))).await
}

/// As many calls in flight as the limit, each in its turn, and no time lost.
pub(super) async fn get(
    answer: &Answer,
    scenario: &Scenario,
    recorder: &Recorder,
    getting: impl Future<Output = Got>,
) -> Result<(), Fault> {
    judged(answer, scenario, recorder, getting, |took| {
        window_slides(scenario, &scenario.calls(), took, "call")
    })
    .await
}

/// With many callers, each woken on its own, the task doesn't promise who's next. With equal latencies, the total time
/// shows just as well whether any was lost.
pub(super) async fn get_in_any_order(
    answer: &Answer,
    scenario: &Scenario,
    recorder: &Recorder,
    getting: impl Future<Output = Got>,
) -> Result<(), Fault> {
    judged(answer, scenario, recorder, getting, |took| {
        nothing_wasted(scenario, took, "call")
    })
    .await
}

async fn judged(
    answer: &Answer,
    scenario: &Scenario,
    recorder: &Recorder,
    getting: impl Future<Output = Got>,
    judge: impl FnOnce(Duration) -> Result<(), Fault>,
) -> Result<(), Fault> {
    recorder.restart();
    let judged = ends(&scenario.upstream, scenario.paths.len(), getting, |calls| {
        permit_leaked(format!(
            "of {}, {} ended, and no more ever began",
            scenario.limited_to(),
            calls.len()
        ))
    })
    .await
    .and_then(|(got, took)| {
        answered(scenario, &got)?;
        limit_kept(scenario, took, &WORK)?;
        judge(took)
    });
    match judged {
        Ok(()) => Ok(()),
        Err(fault) => Err(closer::look(answer, recorder, scenario, &WORK, fault).await),
    }
}

/// Each `get` made one call, and returned the page of its path.
pub(super) fn answered(
    scenario: &Scenario,
    got: &[Result<Page, UpstreamError>],
) -> Result<(), Fault> {
    let made = scenario.calls().len();
    let all = scenario.paths.len();
    let refused = got.iter().filter(|got| got.is_err()).count();
    none_cached(&scenario.calls(), got)?;
    ensure(made + refused != all || refused == 0, || {
        refused_when_full(scenario, made, refused)
    })?;
    ensure(made <= all, || extra_call_made(made, all))?;
    ensure(made == all, || call_skipped(made, all))?;
    let wrong = std::iter::zip(&scenario.paths, got).find(|(path, got)| {
        !matches!(got, Ok(page) if page.path == **path && page.body == text_of(path, scenario.number))
    });
    wrong.map_or(Ok(()), |(path, got)| Err(data_altered(path, got)))
}

/// No page came without a call for it.
pub(super) fn none_cached(
    calls: &[Call],
    got: &[Result<Page, UpstreamError>],
) -> Result<(), Fault> {
    let called = |path: &str| calls.iter().any(|call| call.path == path);
    let mut pages = got.iter().flatten();
    let cached = pages.find(|page| is_text_of(page) && !called(&page.path));
    cached.map_or(Ok(()), |page| Err(unrequested_cache(&page.path)))
}

pub(super) fn refused_when_full(scenario: &Scenario, made: usize, refused: usize) -> Fault {
    call_rejected_when_full(format!(
        "with a limit of {}, {} made, and {refused} refused without asking the upstream",
        scenario.limit,
        were(made)
    ))
}

pub(super) fn call_skipped(made: usize, asked: usize) -> Fault {
    Fault::new("call_skipped")
        .happened(format!(
            "`get` was called {}, and made {}",
            counted(asked, "time"),
            counted(made, "call")
        ))
        .expected(
            "each `get` makes one call of its own, even if an earlier call asked for the same path",
        )
        .next("have `get` call the upstream every time: remove the cache, the shared call or the early return")
}

pub(super) fn data_altered(path: &str, got: &Result<Page, UpstreamError>) -> Fault {
    let got = match got {
        Ok(page) => format!("the page {} with the text `{}`", page.path, page.body),
        Err(error) => format!("the error `{error}`"),
    };
    Fault::new("data_altered")
        .happened(format!(
            "`get` for {path} returned {got}, which isn't what the upstream answered"
        ))
        .expected("`get` returns whatever the upstream's `get` returns, page or error")
        .next("return the result of the upstream's `get` unchanged")
}

pub(super) fn were(calls: usize) -> String {
    let verb = if calls == 1 { "was" } else { "were" };
    format!("{} {verb}", counted(calls, "call"))
}
