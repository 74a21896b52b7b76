//! A wait that may never end, and why.

use std::{future, pin::pin, time::Duration};

use async_workbook::{
    clock::timed,
    services::upstream::{Call, Outcome, Upstream},
    verdict::{Fault, ensure},
};
use tokio::time::timeout;

use crate::{faults::calls_too_many, scenario::begun};

const A_MINUTE: Duration = Duration::from_secs(60);

/// Longer than all that any scenario asks for, and twice that is less than what `examine` allows.
pub(crate) const HANGS: Duration = Duration::from_secs(11 * 60 * 60);

/// Awaits `future`, which asks for so many calls, and returns its output with the time that it took.
///
/// What it waits for may never come. If then some calls were never begun, and all others have ended, whoever
/// should let them begin does not: `leak` says so.
pub(crate) async fn ends<F: Future>(
    upstream: &Upstream,
    asked: usize,
    future: F,
    leak: impl FnOnce(&[Call]) -> Fault,
) -> Result<(F::Output, Duration), Fault> {
    let before = begun(upstream).len();
    let mut future = pin!(timed(future));
    if let Ok(ended) = timeout(A_MINUTE, &mut future).await {
        return Ok(ended);
    }
    let made = begun(upstream).len() - before;
    // Whoever calls again and again may do so for ever, and each call takes memory.
    ensure(made <= asked, || calls_too_many(made, asked))?;
    if let Ok(ended) = timeout(HANGS, &mut future).await {
        return Ok(ended);
    }
    let calls = begun(upstream);
    if calls.is_empty() {
        return Err(Fault::new("room_for_none")
            .happened("no call was ever begun, and the function waits for ever")
            .expected("the first calls begin at once, and a function with nothing to do returns at once")
            .next("look for a limit of 0: `buffered(0)` polls nothing, and a semaphore without permits lets nobody pass"));
    }
    let calls = &calls[before..];
    let dropped = |call: &Call| call.outcome == Some(Outcome::Dropped);
    if calls.len() < asked && !calls.iter().any(dropped) {
        return Err(leak(calls));
    }
    // Something else hangs. Waiting for ever has a verdict of its own, with the likeliest causes.
    future::pending().await
}
