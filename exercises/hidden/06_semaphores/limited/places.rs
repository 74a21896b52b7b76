//! Whether calls that end badly free their places.

use async_workbook::{
    harness::{counted, ms},
    services::upstream::Call,
    timeline::Recorder,
    verdict::{Fault, ensure},
};

use super::caller::{call_skipped, client, get, get_all, none_cached, were};
use crate::{
    Answer, Client,
    faults::{call_rejected_when_full, extra_call_made, permit_leaked, permit_returned_twice},
    hang::ends,
    limit::under_way,
    scenario::Scenario,
};

/// How some calls end.
pub(super) struct Badly {
    pub(super) how: String,
    /// How often `get` is called.
    pub(super) gets: usize,
    /// Whether each of them begins a call.
    pub(super) all_begin: bool,
}

/// Some calls end badly, by failing or by being dropped. Afterwards the client can do as much as before.
pub(super) async fn places_are_free_again(
    answer: &Answer,
    recorder: &Recorder,
    number: usize,
    Badly {
        how,
        gets,
        all_begin,
    }: Badly,
    end: impl AsyncFnOnce(&dyn Client),
) -> Result<(), Fault> {
    const LIMIT: usize = 3;
    let scenario = Scenario::new(number, LIMIT, vec![100; 16]);
    let limited = client(answer, &scenario);
    // A fault that the client has from the beginning has its own name.
    get(
        answer,
        &scenario,
        recorder,
        get_all(&*limited, &scenario.paths),
    )
    .await?;
    recorder.restart();
    let after = |free: String| permit_leaked(format!("after {how}, {free}"));
    let before = scenario.calls().len();
    ends(&scenario.upstream, gets, end(&*limited), |_| {
        after("the client waits for ever".into())
    })
    .await?;
    let made = scenario.calls().len() - before;
    ensure(made <= gets, || extra_call_made(made, gets))?;
    ensure(made == gets || !all_begin, || call_skipped(made, gets))?;
    // Gives a client with tasks of its own time to notice.
    tokio::time::sleep(ms(1)).await;
    let left = scenario.upstream.in_flight();
    ensure(left == 0, || {
        Fault::new("cancelled_call_kept_running")
            .happened(format!("after {how}, {} still in flight", were(left)))
            .expected("a `get` that's dropped drops its call too, and frees its place")
            .next("await the call in `get` itself: a task that `get` spawns goes on without it")
    })?;
    let before = scenario.calls().len();
    let getting = get_all(&*limited, &scenario.paths);
    let ended = ends(&scenario.upstream, scenario.paths.len(), getting, |_| {
        after("the client waits for ever".into())
    });
    let (got, _) = ended.await?;
    let calls = &scenario.calls()[before..];
    none_cached(calls, &got)?;
    let refused = got.iter().filter(|got| got.is_err()).count();
    ensure(refused == 0 || calls.len() + refused != got.len(), || {
        call_rejected_when_full(format!(
            "after {how}, {refused} of {} were refused without asking the upstream",
            counted(got.len(), "call")
        ))
    })?;
    ensure(calls.len() == scenario.paths.len(), || {
        call_skipped(calls.len(), scenario.paths.len())
    })?;
    let most = at_once(calls);
    ensure(most >= LIMIT, || {
        after(format!(
            "at most {} in flight, and the limit is {LIMIT}",
            were(most)
        ))
    })?;
    ensure(most <= LIMIT, || {
        permit_returned_twice(format!(
            "after {how}, {} in flight at once, and the limit is {LIMIT}",
            were(most)
        ))
    })
}

/// The most of these calls that ran at the same time.
pub(super) fn at_once(calls: &[Call]) -> usize {
    calls
        .iter()
        .map(|call| under_way(calls, call.started))
        .max()
        .unwrap_or(0)
}
