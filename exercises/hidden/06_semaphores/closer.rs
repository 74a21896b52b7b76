//! A closer look at faults that have more than one cause: small runs that tell the causes apart.

use std::{
    pin::pin,
    sync::Arc,
    task::{Context, Wake, Waker},
    time::Duration,
};

use async_workbook::{clock::Readable, harness::counted, timeline::Recorder, verdict::Fault};
use tokio::{runtime::Handle, task::yield_now, time::timeout};

use crate::{Answer, scenario::Scenario, work::Work};

/// Much longer than any small run takes.
const HANGS: Duration = Duration::from_secs(60 * 60);

/// The fault of a scenario, or the fault that caused it.
pub(crate) async fn look(
    answer: &Answer,
    recorder: &Recorder,
    scenario: &Scenario,
    work: &Work,
    fault: Fault,
) -> Fault {
    let cause = match fault.misconception.as_str() {
        "permit_leaked" | "empty_input_not_handled" => {
            match permit_awaited_while_holding_one(answer, work).await {
                Some(fault) => Some(fault),
                None => permit_held_by_unpolled_future(answer, work).await,
            }
        }
        "awaits_in_a_loop" => match calls_started_at_intervals(answer, recorder, work).await {
            Some(fault) => return fault,
            None => lock_held_while_waiting(answer, work, &fault).await,
        },
        "limit_hard_coded" | "limit_off_by_one" | "needless_wait" => {
            match calls_started_at_intervals(answer, recorder, work).await {
                Some(fault) => return fault,
                None => None,
            }
        }
        _ => return fault,
    };
    // The verdict doesn't show these small runs.
    recorder.restart();
    let afresh = scenario.afresh();
    let shown = work.try_again(answer, &afresh);
    let _hangs_again = timeout(scenario.length() + HANGS, shown).await;
    cause.unwrap_or(fault)
}

/// A single call hangs with one permit, but not with two.
async fn permit_awaited_while_holding_one(answer: &Answer, work: &Work) -> Option<Fault> {
    let ends = async |limit: usize| {
        let alone = Scenario::new(0, limit, [100]);
        let ended = timeout(HANGS, work.try_again(answer, &alone)).await;
        ended.is_ok() && alone.calls().len() == 1
    };
    if !ends(2).await || ends(1).await {
        return None;
    }
    let noun = work.noun;
    Some(
        Fault::new("permit_awaited_while_holding_one")
            .happened(format!(
                "with a limit of 1, a single {noun} waits for ever, but with a limit of 2 it ends: each {noun} holds one permit while it waits for another"
            ))
            .expected(format!("each {noun} takes one permit, and never waits for a second while it holds one"))
            .next(format!("find the two `acquire`s that each {noun} goes through, often in two functions that call each other, and remove the inner one")),
    )
}

/// With a permit for each call, all of them begin. With one call more than permits, none does.
async fn permit_held_by_unpolled_future(answer: &Answer, work: &Work) -> Option<Fault> {
    const LIMIT: usize = 3;
    let begun = async |calls: usize| {
        let scenario = Scenario::new(0, LIMIT, vec![100; calls]);
        let _hangs = timeout(HANGS, work.try_again(answer, &scenario)).await;
        scenario.calls().len()
    };
    if begun(LIMIT).await != LIMIT || begun(LIMIT + 1).await != 0 {
        return None;
    }
    let noun = work.noun;
    Some(
        Fault::new("permit_held_by_unpolled_future")
            .happened(format!("no {noun} ever began: the function took every permit for a future that nothing polled, and waits for ever for one more"))
            .expected(format!("a {noun} with a permit runs, ends, and frees its place for the next {noun}"))
            .next("move the `acquire` into the future, or spawn the future as soon as it has its permit: nothing polls a future while the loop that made it waits"),
    )
}

/// With room for all of them, one call begins while another is running, but not together with it.
async fn calls_started_at_intervals(
    answer: &Answer,
    recorder: &Recorder,
    work: &Work,
) -> Option<Fault> {
    const ROOM: usize = 3;
    let scenario = Scenario::new(0, ROOM, [60_000; ROOM]);
    recorder.restart();
    let _hangs = timeout(HANGS, work.try_again(answer, &scenario)).await;
    let calls = scenario.calls();
    let [first, second, ..] = &calls[..] else {
        return None;
    };
    let spaced = first.started < second.started && second.started < first.ended;
    let after = second.started?.duration_since(first.started?);
    let noun = work.noun;
    spaced.then(|| {
        Fault::new("calls_started_at_intervals")
            .happened(format!(
                "of {} with a limit of {ROOM}, the second began {} after the first, while the first was still running",
                counted(ROOM, noun),
                Readable(after)
            ))
            .expected(format!("a limit counts what's running: while there's room, the next {noun} begins at once"))
            .next(format!("remove the sleep or the `interval` between the starts: it limits how many {noun}s begin in a second, not how many run"))
    })
}

/// Several calls are ready, and wait for the only one that runs.
async fn lock_held_while_waiting(answer: &Answer, work: &Work, seen: &Fault) -> Option<Fault> {
    const LIMIT: usize = 4;
    let scenario = Scenario::new(0, LIMIT, [100; 3 * LIMIT]);
    let waiting = waiting(answer, work, &scenario).await;
    (waiting >= LIMIT).then(|| {
        let noun = work.noun;
        Fault::new("lock_held_while_waiting")
            .happened(format!(
                "{waiting} {noun}s were ready to begin, but each waited for the one before it to end: they all wait for one lock, or for one permit"
            ))
            .expected(seen.expected.clone())
            .next("replace the mutex that you hold across an `.await` with `Semaphore::new(limit.get())`: a mutex is a limit of one")
    })
}

/// How many futures or tasks are waiting once all have had a chance to begin.
async fn waiting(answer: &Answer, work: &Work, scenario: &Scenario) -> usize {
    /// Every future that waits has a clone of its waker.
    struct Nobody;
    impl Wake for Nobody {
        fn wake(self: Arc<Self>) {}
    }

    let alive = || Handle::current().metrics().num_alive_tasks();
    let (before, nobody) = (alive(), Arc::new(Nobody));
    let waker = Waker::from(Arc::clone(&nobody));
    let mut attempt = pin!(work.try_again(answer, scenario));
    let _pending = attempt.as_mut().poll(&mut Context::from_waker(&waker));
    let futures = Arc::strong_count(&nobody) - 2;
    for _ in 0..3 {
        yield_now().await;
    }
    match alive() - before {
        0 => futures,
        // The other futures only wait for these tasks.
        tasks => tasks,
    }
}
