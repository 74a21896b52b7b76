//! A closer look at faults that have more than one cause: small runs in which these differ.

use std::{
    pin::pin,
    sync::Arc,
    task::{Context, Wake, Waker},
    time::Duration,
};

use async_workbook::{clock::Readable, harness::counted, timeline::Recorder, verdict::Fault};
use tokio::{runtime::Handle, task::yield_now, time::timeout};

use crate::{Answer, scenario::Scenario, work::Work};

/// Much longer than what any small run takes.
const HANGS: Duration = Duration::from_secs(60 * 60);

/// The fault of a scenario, or the one behind it.
pub(crate) async fn look(
    answer: &Answer,
    recorder: &Recorder,
    scenario: &Scenario,
    work: &Work,
    fault: Fault,
) -> Fault {
    let cause = match fault.misconception.as_str() {
        "permit_leaked" | "room_for_none" => {
            match permit_awaited_while_holding_one(answer, work).await {
                Some(fault) => Some(fault),
                None => permits_in_idle_futures(answer, work).await,
            }
        }
        "one_at_a_time" => match starts_spaced_out(answer, recorder, work).await {
            Some(fault) => return fault,
            None => lock_held_across_calls(answer, work, &fault).await,
        },
        "another_limit" | "limit_off_by_one" | "needless_wait" => {
            match starts_spaced_out(answer, recorder, work).await {
                Some(fault) => return fault,
                None => None,
            }
        }
        _ => return fault,
    };
    // What was tried here is no part of what the verdict shows.
    recorder.restart();
    let afresh = scenario.afresh();
    let shown = work.try_again(answer, &afresh);
    let _hangs_again = timeout(scenario.length() + HANGS, shown).await;
    cause.unwrap_or(fault)
}

/// A single call hangs if there is one permit, and not if there are two.
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
                "with a limit of 1, a single {noun} waits for ever, and with a limit of 2 it ends: each {noun} has a permit, and awaits another"
            ))
            .expected(format!("each {noun} takes one permit: whoever holds one never waits for a second"))
            .next(format!("look for the two `acquire`s on the way to a {noun}, often in two functions that call one another, and keep the outer one")),
    )
}

/// All is well while there is a permit for each, and none begins where there is one more.
async fn permits_in_idle_futures(answer: &Answer, work: &Work) -> Option<Fault> {
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
        Fault::new("permits_in_idle_futures")
            .happened(format!("no {noun} was ever begun: every permit was taken for a future that nothing polled, and the function waits for ever for one more"))
            .expected(format!("whatever has a permit runs, so that it ends and frees its place for the next {noun}"))
            .next("a future does nothing while the loop that made it waits: take the permit inside the future, or spawn the future as soon as it has its permit"),
    )
}

/// With room for all, one begins before another has ended, and yet not together with it.
async fn starts_spaced_out(answer: &Answer, recorder: &Recorder, work: &Work) -> Option<Fault> {
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
        Fault::new("starts_spaced_out")
            .happened(format!(
                "of {} with a limit of {ROOM}, the second began {} after the first, which was still under way",
                counted(ROOM, noun),
                Readable(after)
            ))
            .expected(format!("a limit counts what is under way: as long as there is room, the next {noun} begins at once"))
            .next("remove the sleep or the `interval` between the starts: it limits how many begin in a second, whatever is under way")
    })
}

/// Several are there and wait, and it is for the only one that runs.
async fn lock_held_across_calls(answer: &Answer, work: &Work, seen: &Fault) -> Option<Fault> {
    const LIMIT: usize = 4;
    let scenario = Scenario::new(0, LIMIT, [100; 3 * LIMIT]);
    let waiting = waiting(answer, work, &scenario).await;
    (waiting >= LIMIT).then(|| {
        let noun = work.noun;
        Fault::new("lock_held_across_calls")
            .happened(format!(
                "{waiting} {noun}s were ready to begin, and yet each of them waited until the one before had ended: they wait for one lock, or one permit"
            ))
            .expected(seen.expected.clone())
            .next("hold no lock while you await a call: a mutex is a limit of one. Let `Semaphore::new(limit.get())` do the limiting, and take the lock, if you need it, for a line without an `.await`")
    })
}

/// How many futures or tasks wait for something after all had a chance to begin.
async fn waiting(answer: &Answer, work: &Work, scenario: &Scenario) -> usize {
    /// Whatever waits has a clone of its waker.
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
        // Those on the other side wait for the tasks.
        tasks => tasks,
    }
}
