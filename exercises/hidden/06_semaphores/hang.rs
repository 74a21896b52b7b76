//! A wait that may never end, and why.

use std::{future, pin::pin, time::Duration};

use async_workbook::{
    clock::timed,
    services::upstream::{Call, Outcome, Upstream},
    verdict::{Fault, ensure},
};
use tokio::time::timeout;

use crate::{faults::extra_call_made, scenario::begun};

const A_MINUTE: Duration = Duration::from_secs(60);

/// Longer than any scenario takes. Twice as long is still less than `examine` allows.
pub(crate) const HANGS: Duration = Duration::from_secs(11 * 60 * 60);

/// Awaits `future`, which asks for `asked` calls, and returns its output with the time that it took.
///
/// It may wait for ever. If some calls never began by then, and all others have ended, something fails to let
/// the rest begin: `leak` makes that fault.
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
    // An answer that calls again and again may do so for ever, and each call takes memory.
    ensure(made <= asked, || extra_call_made(made, asked))?;
    if let Ok(ended) = timeout(HANGS, &mut future).await {
        return Ok(ended);
    }
    let calls = begun(upstream);
    if calls.is_empty() {
        return Err(Fault::new("empty_input_not_handled")
            .happened("no call ever began, and the function waits for ever")
            .expected("the first calls begin at once, and a function with nothing to do returns at once")
            .next("pass `limit` to your `buffered` or `Semaphore::new`: with 0, `buffered` polls nothing, and a semaphore lets nothing through"));
    }
    let calls = &calls[before..];
    let dropped = |call: &Call| call.outcome == Some(Outcome::Dropped);
    if calls.len() < asked && !calls.iter().any(dropped) {
        return Err(leak(calls));
    }
    // Something else hangs. There's a separate verdict for that, with the likeliest causes.
    future::pending().await
}
