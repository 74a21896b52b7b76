//! The cause of a fault that the clock doesn't explain.

use std::{
    cell::Cell,
    num::NonZeroU32,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

use async_workbook::{
    clock::{Hold, timed},
    harness::ms,
    services::upstream::{Page, UpstreamError},
    verdict::{Fault, catch_panic},
};
use tokio::time::{Instant, timeout};

use super::{
    judgement::listed,
    plan::{CANON, answer as outcome},
};
use crate::{
    Answer, Calls, HOUR,
    causes::{blocking_call, each_run_blocks, goes_by_the_wall_clock, real_clock_used},
    opaque::Opaque,
    watched::millis,
};

pub(super) async fn cause(answer: &Answer, fault: &Fault) -> Option<Fault> {
    if fault.misconception == "blocking_job_outlived_timeout" {
        return None;
    }
    if fault.misconception == "retry_without_backoff" && waits_by_blocking(answer).await {
        return Some(blocking_call("the wait between two attempts"));
    }
    if goes_by_the_wall_clock(async |begin| second_attempt_after(answer, begin).await).await {
        return Some(real_clock_used(
            "with a total of 0.1 s, the function gave up once 0.1 s had passed on the wall clock, and none on tokio's",
        ));
    }
    match &*fault.misconception {
        "backoff_doubled_too_early" if waits_on_a_thread(answer).await => Some(real_clock_used(
            "the wait after the first attempt ended while tokio's clock stood still: a thread slept instead",
        )),
        "backoff_not_doubled" | "backoff_doubled_too_early" => jitter(answer).await,
        _ => None,
    }
}

/// Whether the attempts follow one another without a wait on tokio's clock.
async fn waits_by_blocking(answer: &Answer) -> bool {
    let at_once = Cell::new(true);
    let blocks = each_run_blocks(ms(45), async || {
        let function = (answer.retry)(ATTEMPTS, ms(15), ms(HOUR), failing(|| ()));
        let (result, took) = timed(timeout(ms(1), catch_panic(function))).await;
        at_once.set(at_once.get() && took.is_zero() && result.is_ok());
    });
    blocks.await && at_once.get()
}

const ATTEMPTS: NonZeroU32 = NonZeroU32::new(3).expect("take three for more than zero");

/// Calls that do this, then fail at once.
fn failing(begin: impl Fn() + Clone + Send + Sync + 'static) -> Calls<Result<Page, UpstreamError>> {
    Box::new(move || {
        let begin = begin.clone();
        Opaque::new(async move {
            begin();
            outcome(1, 503)
        })
    })
}

/// Whether a first attempt that begins with this, and fails, is followed by another.
async fn second_attempt_after(answer: &Answer, begin: fn()) -> bool {
    let made = Arc::new(AtomicU32::new(0));
    let call: Calls<_> = Box::new({
        let made = Arc::clone(&made);
        move || {
            let number = made.fetch_add(1, Ordering::Relaxed) + 1;
            Opaque::new(async move {
                if number == 1 {
                    begin();
                }
                outcome(number, if number == 1 { 503 } else { 200 })
            })
        }
    });
    let function = catch_panic((answer.retry)(ATTEMPTS, ms(10), ms(100), call));
    matches!(timeout(ms(1000), function).await, Ok(Ok(Ok(_))))
}

/// Whether the first wait ends while tokio's clock stands still.
async fn waits_on_a_thread(answer: &Answer) -> bool {
    let made = Arc::new(AtomicU32::new(0));
    let call = failing({
        let made = Arc::clone(&made);
        move || {
            made.fetch_add(1, Ordering::Relaxed);
        }
    });
    if second_attempt_after(answer, || ()).await {
        return false;
    }
    let hold = Hold::new();
    let function = catch_panic((answer.retry)(ATTEMPTS, ms(1), ms(HOUR), call));
    tokio::select! {
        _result = function => true,
        has_ended = hold.until(|| made.load(Ordering::Relaxed) > 1) => has_ended,
    }
}

/// Recognises attempts that do the same in each run, but begin at different times.
async fn jitter(answer: &Answer) -> Option<Fault> {
    let first = starts(answer).await;
    for _ in 0..4 {
        let other = starts(answer).await;
        if other != first {
            return Some(
                Fault::new("unrequested_jitter")
                    .happened(format!(
                        "the same four failures happened in two runs. The attempts began {} in one run, and {} in the other",
                        listed(first),
                        listed(other)
                    ))
                    .expected(format!(
                        "they begin {} in every run",
                        listed(CANON.due().starts)
                    ))
                    .next("remove the random part of the wait: real clients need one, but this task asks for exact times"),
            );
        }
    }
    None
}

/// When the attempts begin, in milliseconds.
async fn starts(answer: &Answer) -> Vec<u64> {
    let start = Instant::now();
    let starts = Arc::new(Mutex::new(Vec::new()));
    let call = failing({
        let starts = Arc::clone(&starts);
        move || {
            let mut starts = starts.lock().unwrap_or_else(PoisonError::into_inner);
            starts.push(millis(start, Instant::now()));
        }
    });
    let attempts = NonZeroU32::new(CANON.attempts).expect("there is an attempt");
    let function = (answer.retry)(attempts, ms(CANON.base), ms(CANON.total), call);
    // The answer is already known to be wrong.
    let _result = timeout(ms(HOUR), catch_panic(function)).await;
    std::mem::take(&mut starts.lock().unwrap_or_else(PoisonError::into_inner))
}
