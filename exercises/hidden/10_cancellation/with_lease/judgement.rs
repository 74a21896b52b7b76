//! What has become of the lease.

use std::panic::resume_unwind;

use async_workbook::{
    services::leases::Leases,
    verdict::{Fault, ensure},
};

use super::{
    Trial,
    work::{NUMBER, PANIC, Panics, Stage},
};
use crate::{dropping::millis, faults::Checked};

/// The work has run to its end, and the release has too.
pub(super) fn finished(trial: &Trial) -> Checked {
    let due = trial.plan.acquire + trial.plan.length() + trial.plan.release;
    output(trial)?;
    under_the_lease(trial)?;
    let back = "the lease is back when the function returns";
    ensure(trial.leases.taken() == 0, || {
        if trial
            .leases
            .releases()
            .iter()
            .any(|release| release.ended.is_some())
        {
            return cut_short(
                trial.plan.limit,
                "the release had begun, and was dropped before it ended, long before its limit",
            );
        }
        Fault::new("lease_leaked")
            .happened("the work was done, and the lease was never handed back")
            .expected(back)
            .next("await `lease.release()`: a future that you only make, or drop, does nothing")
    })?;
    once(&trial.leases, "the work was done")?;
    ensure(trial.taken == 0, || {
        Fault::new("cleanup_not_awaited")
            .happened("the function returned while the lease was still on its way back")
            .expected(back)
            .next("await the release, or the handle of the task that does it, before you return")
    })?;
    took(trial, due, "the lease was back")
}

/// The release hangs, and is given up.
pub(super) fn without_end(trial: &Trial) -> Checked {
    output(trial)?;
    given_up(trial)?;
    let due = trial.plan.acquire + trial.plan.length() + trial.plan.limit;
    took(trial, due, "the limit of the release was over")
}

/// Whether the function has waited for the release at all or not.
pub(super) fn given_up(trial: &Trial) -> Checked {
    let release_begins = trial.plan.acquire + trial.plan.length();
    let limit = trial.plan.limit;
    let due = release_begins + limit;
    ensure(trial.took.is_some_and(|took| took <= due), || {
        Fault::new("cleanup_without_limit")
            .happened(match trial.took {
                Some(took) => format!("the release began at {release_begins} ms and hung. With a limit of {limit} ms, the function returned at {took} ms"),
                None => "the release hung, and the function waited for ever".to_owned(),
            })
            .expected(format!("the function gives the release up after {limit} ms, and returns"))
            .next("put a `timeout` of `limit` around `lease.release()`")
    })
}

fn output(trial: &Trial) -> Checked {
    let Err(message) = &trial.result else {
        return Ok(());
    };
    if trial.took.is_none() && trial.log.stage() == Stage::Finished {
        return Err(Fault::new("cleanup_without_limit")
            .happened("the work was done, and the function waited for ever")
            .expected("the function returns when the lease is back, or when the limit is over")
            .next("put a `timeout` of `limit` around `lease.release()`"));
    }
    if let Some(fault) = blocks(message, "the function panicked") {
        return Err(fault);
    }
    if message.contains("Elapsed") {
        return Err(Fault::new("timeout_error_unwrapped")
            .happened(format!("a time limit was over, and the function panicked: {message}"))
            .expected("a limit that's over is no reason to panic: the work has as long as it likes, and a release that takes too long is given up")
            .next("put the `timeout` around the release alone, and ignore its error"));
    }
    resume_unwind(Box::new(message.clone()))
}

fn under_the_lease(trial: &Trial) -> Checked {
    let record = trial.log.record();
    let terms = trial.leases.terms();
    let expected = "the work runs while the lease is taken: from its first poll to its end";
    ensure(!terms.is_empty(), || {
        Fault::new("work_run_without_lease")
            .happened("the function never took a lease")
            .expected(expected)
            .next("await `leases.acquire()` before the work")
    })?;
    ensure(record.taken.first() == Some(&1), || {
        Fault::new("work_run_without_lease")
            .happened("the work began while no lease was taken")
            .expected(expected)
            .next(
                "await `leases.acquire()` to its end before you poll the work: don't join the two",
            )
    })?;
    ensure(record.taken.iter().all(|&taken| taken == 1), || {
        Fault::new("lease_released_early")
            .happened("the lease was handed back while the work was running")
            .expected(expected)
            .next("keep the guard in a variable that lives until the work is done: `let _ = guard` and a block that ends early drop it")
    })?;
    let returned = terms[0].returned.first();
    let early = returned
        .zip(record.finished)
        .is_some_and(|(&returned, finished)| millis(finished, returned) < trial.plan.release);
    ensure(!early, || {
        Fault::new("lease_released_early")
            .happened("the function began to hand the lease back while the work was running")
            .expected(expected)
            .next("call `release` when the work is done, and not beside it")
    })
}

fn once(leases: &Leases, when: &str) -> Checked {
    let twice = leases.terms().iter().any(|term| term.returned.len() > 1);
    ensure(!twice, || {
        Fault::new("lease_released_twice")
            .happened(format!("{when}, and the lease was handed back twice. By the second time, it may belong to somebody else"))
            .expected("the lease is handed back once")
            .next("take the lease out of the guard when you release it, with `Option::take`, and let `Drop` release only what is still there")
    })
}

fn took(trial: &Trial, due: u64, what: &str) -> Checked {
    let Some(took) = trial.took else {
        unreachable!("it has returned")
    };
    ensure(took >= due, || {
        cut_short(
            trial.plan.limit,
            &format!("{what} at {due} ms, and the function returned at {took} ms"),
        )
    })?;
    ensure(took == due, || {
        Fault::new("needless_wait")
            .happened(format!(
                "{what} at {due} ms, and the function returned at {took} ms"
            ))
            .expected("the function returns as soon as the lease is back, or the limit is over")
            .next("remove whatever else it waits for")
    })
}

fn cut_short(limit: u64, happened: &str) -> Fault {
    Fault::new("cleanup_cut_short")
        .happened(happened)
        .expected(format!("the release has {limit} ms from when it begins"))
        .next("start the `timeout` with the release, and pass `limit` unchanged")
}

/// What `catch_panic` says of a panic whose payload is no text.
const NO_TEXT: &str = "a panic without a message";

/// The work has panicked.
pub(super) fn panicked(trial: &Trial) -> Checked {
    let goes_on = |happened: String, name: &str, next: &str| {
        Fault::new(name)
            .happened(happened)
            .expected("the lease comes back, and the panic goes on to the caller as it is")
            .next(next)
    };
    let (expected, told) = match trial.plan.panics {
        Panics::WithNumber => (NO_TEXT, format!("the number {NUMBER}, by `panic_any`")),
        _ => (PANIC, format!("\"{PANIC}\"")),
    };
    match &trial.result {
        Err(message) if message == expected => {}
        Err(message) => {
            return Err(goes_on(
                format!(
                    "the work panicked with {told}, and the function gave its caller something else: {message}"
                ),
                "join_error_unwrapped",
                "if a task's handle gives an `Err`, pass its panic on: `resume_unwind(error.into_panic())`",
            ));
        }
        Ok(_) => unreachable!("only the work can make an output"),
    }
    once(&trial.leases, "the work panicked")?;
    ensure(trial.leases.taken() == 0, || {
        goes_on(
            "the work panicked, and the lease was never handed back".into(),
            "cleanup_skipped_on_panic",
            "have a guard release the lease in its `Drop`: a panic drops it, and skips every line after the `.await`",
        )
    })
}

pub(super) fn back_after_drop(leases: &Leases, stage: Stage, when: &str) -> Checked {
    once(leases, when)?;
    ensure(leases.taken() == 0, || {
        let (name, what, next) = match stage {
            Stage::NotBegun => (
                "cleanup_skipped_on_drop",
                "before the work began",
                "make the guard in the same step in which you get the lease, with no `.await` in between. And don't take the lease on a task that goes on without you",
            ),
            Stage::Running => (
                "cleanup_skipped_on_drop",
                "while the work was running",
                "have a guard release the lease in its `Drop`: a dropped future never comes to the lines after its `.await`",
            ),
            Stage::Finished => (
                "cleanup_dropped_halfway",
                "during the release",
                "have a task release the lease, and await its handle: a task goes on when its handle is dropped. Or let the guard keep the lease until the release has ended",
            ),
        };
        Fault::new(name)
            .happened(format!(
                "{when}, {what}, and the lease was never handed back"
            ))
            .expected("wherever the future is dropped, the lease comes back")
            .next(next)
    })
}

pub(super) fn panic_in_drop(when: &str, message: &str) -> Fault {
    blocks(message, &format!("{when}, and its destructor panicked"))
        .unwrap_or_else(|| resume_unwind(Box::new(message.to_owned())))
}

/// The verdict on a panic of code that would have blocked.
fn blocks(message: &str, panicked: &str) -> Option<Fault> {
    let blocks = [
        "from within a runtime",
        "can call blocking only",
        "within an executor",
    ];
    blocks.iter().any(|words| message.contains(words)).then(|| {
        Fault::new("blocking_call_in_async_code")
            .happened(format!("{panicked}: {message}"))
            .expected("`Drop` doesn't wait: it hands the release to a task, and returns")
            .next("replace `block_on` in your `Drop` with `Handle::spawn`: there's no way to await in `Drop`")
    })
}
