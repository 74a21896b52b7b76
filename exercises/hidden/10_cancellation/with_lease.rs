//! The hidden tests of `with_lease`.

mod judgement;
mod work;

use async_workbook::{
    harness::{Task, counted, ms, task},
    services::leases::Leases,
    timeline::Recorder,
    verdict::{Fault, catch_panic, ensure, examine, mark},
};
use futures::{FutureExt as _, future::join};
use tokio::time::{Instant, sleep, timeout};

use self::{
    judgement::{back_after_drop, finished, given_up, panicked, without_end},
    work::{Log, Panics, Plan, begin},
};
pub use work::{Output, Work};

use crate::{
    Answer, Boxed,
    dropping::{
        ALMOST_ALL_STEPS, HANGS, Polled, dropped, millis, polled_in_haste, tasks_left,
        tasks_take_turns,
    },
    faults::{Checked, no_task_is_left, shared},
};

pub(crate) const TASK: Task<Answer> = task!(
    with_lease: the_work_runs_under_a_lease_that_comes_back,
    dropped_at_any_poll_the_lease_comes_back,
    a_panic_goes_on_and_the_lease_comes_back,
    dropped_after_a_panic_the_lease_comes_back,
    dropped_in_haste_the_lease_comes_back,
    a_release_that_hangs_is_given_up,
    two_leases_at_once,
);

/// How long the service takes to give out a lease, and to take it back.
const ACQUIRE: u64 = 20;
const RELEASE: u64 = 30;
const LIMIT: u64 = 50;
/// A limit that isn't over even if nothing polls the future for a while.
const AMPLE: u64 = 200;

/// What came of a call that wasn't dropped.
pub(crate) struct Trial {
    pub(crate) plan: Plan,
    pub(crate) result: Result<Output, String>,
    /// `None` if it waited for ever.
    pub(crate) took: Option<u64>,
    /// How many leases were taken when it returned.
    pub(crate) taken: usize,
    pub(crate) log: Log,
    pub(crate) leases: Leases,
}

async fn left_alone(answer: &Answer, recorder: &Recorder, plan: Plan) -> Trial {
    recorder.restart();
    run(answer, plan).await
}

async fn run(answer: &Answer, plan: Plan) -> Trial {
    let leases = Leases::new(ms(plan.acquire), ms(plan.release));
    let (log, start) = (Log::default(), Instant::now());
    let call = (answer.with_lease)(&leases, ms(plan.limit), begin(&plan, &leases, &log));
    let result = timeout(HANGS, catch_panic(call)).await;
    let took = result.is_ok().then(|| millis(start, Instant::now()));
    let taken = leases.taken();
    Trial {
        result: result.unwrap_or_else(|_| Err("it waited for ever".to_owned())),
        plan,
        took,
        taken,
        log,
        leases,
    }
}

fn the_work_runs_under_a_lease_that_comes_back(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        // The second takes longer than the limit, and the third no time at all.
        let minutes = |minutes: u64| minutes * 60_000;
        for plan in [
            Plan::of(&[40]),
            Plan::of(&[100, 0, 300, 200]),
            Plan::of(&[]),
            // The limit is for the release alone.
            Plan::of(&[40]).acquire_takes(1000),
            Plan::of(&[minutes(30)]),
            Plan::of(&[40])
                .limit(minutes(20))
                .release_takes(minutes(15)),
        ] {
            let trial = left_alone(answer, recorder, plan).await;
            let none_left = no_task_is_left("the function returned, and").await;
            sleep(ms(1000)).await;
            finished(&trial)?;
            none_left?;
        }
        Ok(())
    });
}

fn a_panic_goes_on_and_the_lease_comes_back(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for (steps, panics) in [
            (vec![40], Panics::WithText),
            (vec![], Panics::WithText),
            (vec![40], Panics::WithNumber),
        ] {
            let plan = Plan::of(&steps).panics(panics);
            let trial = left_alone(answer, recorder, plan).await;
            sleep(ms(LIMIT + 1)).await;
            panicked(&trial)?;
            no_task_is_left("the work had panicked, and long after it").await?;
        }
        Ok(())
    });
}

fn dropped_at_any_poll_the_lease_comes_back(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        at_any_poll(answer, recorder, &Plan::of(&[40, 0, 30])).await
    });
}

/// The function may wait for the release after a panic, too, and be dropped there.
fn dropped_after_a_panic_the_lease_comes_back(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let plan = Plan::of(&[40]).panics(Panics::WithText);
        at_any_poll(answer, recorder, &plan).await
    });
}

fn dropped_in_haste_the_lease_comes_back(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let plan = Plan::of(&[40, 0, 30]);
        for steps in ALMOST_ALL_STEPS {
            for polls in 1..1000 {
                recorder.restart();
                if !drop_at(answer, plan.clone(), polls, steps, false).await? {
                    break;
                }
            }
        }
        Ok(())
    });
}

async fn at_any_poll(answer: &Answer, recorder: &Recorder, plan: &Plan) -> Checked {
    for woken in [false, true] {
        for polls in 0..1000 {
            recorder.restart();
            if !drop_at(answer, plan.clone(), polls, 0, woken).await? {
                break;
            }
        }
    }
    Ok(())
}

/// Whether there was anything left to drop.
async fn drop_at(
    answer: &Answer,
    plan: Plan,
    polls: usize,
    steps: u32,
    woken: bool,
) -> Result<bool, Fault> {
    let leases = Leases::new(ms(ACQUIRE), ms(plan.release));
    let (log, start) = (Log::default(), Instant::now());
    let call = (answer.with_lease)(&leases, ms(AMPLE), begin(&plan, &leases, &log));
    let call: Boxed<'_, ()> = if plan.panics == Panics::No {
        call.map(drop).boxed_local()
    } else {
        catch_panic(call).map(drop).boxed_local()
    };
    let Polled::Waits(call) = polled_in_haste(call, polls, steps).await else {
        return Ok(false);
    };
    if woken {
        // By then, what it waits for has happened, and nothing has polled it since.
        sleep(ms(60)).await;
    }
    let at = millis(start, Instant::now());
    mark("dropped");
    let when = format!(
        "the future was dropped at {at} ms, after {}",
        counted(polls, "poll")
    );
    let stage = log.stage();
    if let Err(message) = dropped(call) {
        return Err(judgement::panic_in_drop(&when, &message));
    }
    tasks_take_turns().await;
    ensure(log.is_over(), || {
        Fault::new("cancelled_call_kept_running")
            .happened(format!("{when}, and the work went on"))
            .expected("the work is dropped at the instant at which the future is")
            .next("await the work itself. If it's on a task of its own, abort that task when the future is dropped, with an `AbortOnDropHandle`, say")
    })?;
    sleep(ms(AMPLE + 1)).await;
    back_after_drop(&leases, stage, &when)?;
    no_task_is_left(&format!(
        "{when}, and {} later",
        async_workbook::clock::Readable(ms(AMPLE + 1))
    ))
    .await?;
    sleep(ms(1000)).await;
    back_after_drop(&leases, stage, &when)?;
    Ok(true)
}

fn a_release_that_hangs_is_given_up(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for steps in [vec![40], vec![100, 300]] {
            let trial =
                left_alone(answer, recorder, Plan::of(&steps).release_takes(3_000_000)).await;
            without_end(&trial)?;
            let left = tasks_left().await;
            ensure(left == 0, || {
                goes_on("the function returned without the lease, and the release")
            })?;
        }
        // After a panic, whether the function waits for the release or not.
        let plan = Plan::of(&[40]).panics(Panics::WithText);
        let trial = left_alone(answer, recorder, plan.release_takes(3_000_000)).await;
        given_up(&trial)?;
        sleep(ms(LIMIT + 1)).await;
        let left = tasks_left().await;
        ensure(left == 0, || {
            goes_on("the work had panicked, and after the limit the release")
        })?;
        // Dropped, too: before the work is done, and while the release hangs.
        for at in [40, 70] {
            recorder.restart();
            let plan = Plan::of(&[40]).release_takes(3_000_000);
            let leases = Leases::new(ms(ACQUIRE), ms(plan.release));
            let log = Log::default();
            let call = (answer.with_lease)(&leases, ms(LIMIT), begin(&plan, &leases, &log));
            if timeout(ms(at), call).await.is_err() {
                mark("dropped");
                sleep(ms(LIMIT + 1)).await;
            }
            let left = tasks_left().await;
            ensure(left == 0, || {
                goes_on(&format!(
                    "the future was dropped at {at} ms, and {} ms later the release",
                    LIMIT + 1
                ))
            })?;
        }
        Ok(())
    });
}

fn goes_on(what: &str) -> Fault {
    Fault::new("cleanup_without_limit")
        .happened(format!("{what} was still running. The limit is {LIMIT} ms"))
        .expected("whoever waits for the release, and the release itself, end at the limit")
        .next("put the `timeout` into the task, around `lease.release()`: around its handle, it ends only your wait for it")
}

fn two_leases_at_once(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        recorder.restart();
        let later = async {
            sleep(ms(10)).await;
            run(answer, Plan::of(&[70])).await
        };
        let (one, other) = join(run(answer, Plan::of(&[40])), later).await;
        sleep(ms(1000)).await;
        let judged: Checked = finished(&one).and_then(|()| finished(&other));
        judged.map_err(shared)
    });
}
