//! Callers, each on a task of its own: what they got, and when.

use std::{panic, time::Duration};

use async_workbook::{
    clock::timed,
    harness::ms,
    probes::{drops::Drops, yields::with_budget},
    verdict::{Fault, catch_panic},
};
use futures::future::join_all;
use tokio::{task::JoinHandle, time::timeout};

use crate::{HOUR, faults::blocking_call};

/// Longer than any scenario takes. Twice as long is still less than `examine` allows.
pub(crate) const HANGS: Duration = ms(11 * HOUR);

/// What a caller got, and how long it waited.
pub(crate) type Got<T> = (T, Duration);

/// Starts a caller on a task of its own. It shows on the timeline.
pub(crate) fn caller<T: Send + 'static>(
    label: &str,
    calling: impl Future<Output = T> + Send + 'static,
) -> JoinHandle<Got<T>> {
    tokio::spawn(timed(Drops::new().watch(label, calling)))
}

/// The same, for a caller that yields after so many of tokio's operations.
pub(crate) fn yielding_caller<T: Send + 'static>(
    label: &str,
    operations: usize,
    calling: impl Future<Output = T> + Send + 'static,
) -> JoinHandle<Got<T>> {
    caller(label, with_budget(operations, calling))
}

/// What each of these callers got; `None` of one that would wait for ever.
pub(crate) async fn answers<T>(callers: Vec<JoinHandle<Got<T>>>) -> Vec<Option<Got<T>>> {
    let deadline = tokio::time::Instant::now() + HANGS;
    join_all(callers.into_iter().map(async |mut caller| {
        let answer = tokio::time::timeout_at(deadline, &mut caller).await;
        if answer.is_err() {
            caller.abort();
        }
        answer.ok().map(unwrap)
    }))
    .await
}

/// Awaits what a caller does. A panic goes on here, unless it's the one that says that the thread may not block.
pub(crate) async fn without_blocking<T>(
    name: &str,
    calling: impl Future<Output = T>,
) -> Result<T, Fault> {
    catch_panic(calling).await.map_err(|message| {
        if message.contains("within a runtime") {
            return blocking_call(name, &message);
        }
        panic::resume_unwind(Box::new(message))
    })
}

/// What this caller got; `None` if it would wait for ever.
pub(crate) async fn answer_of<T>(mut caller: JoinHandle<Got<T>>) -> Option<Got<T>> {
    let answer = timeout(HANGS, &mut caller).await;
    if answer.is_err() {
        caller.abort();
    }
    answer.ok().map(unwrap)
}

/// A panic of the answer goes on here.
pub(crate) fn unwrap<T>(joined: Result<T, tokio::task::JoinError>) -> T {
    joined.unwrap_or_else(|error| panic::resume_unwind(error.into_panic()))
}

/// Drops a caller where it is.
pub(crate) async fn dropped<T>(caller: JoinHandle<T>) {
    caller.abort();
    // It's gone only once it has been joined. Whether it ended first doesn't matter.
    let _cancelled = caller.await;
}
