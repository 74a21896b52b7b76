//! One run of the code under study, and what it left running.

use std::{future::pending, time::Duration};

use async_workbook::{
    services::upstream::{Call, Upstream},
    verdict::{Fault, catch_panic},
};
use tokio::{
    runtime::Handle,
    time::{Instant, sleep, timeout},
};

/// Longer than any call here takes, so that whatever was left running has ended after it.
pub(crate) const LATER: Duration = Duration::from_secs(2 * 60 * 60);

/// What the code under study did.
pub(crate) struct Run<T> {
    pub(crate) output: T,
    pub(crate) began: Instant,
    pub(crate) took: Duration,
    /// The futures that were made for calls until it returned, polled or not.
    pub(crate) futures: usize,
    /// The calls as they stood when it returned.
    pub(crate) calls: Vec<Call>,
    /// How many there were when everything that it had left running was over.
    pub(crate) calls_later: usize,
    /// How many tasks were not over even then.
    pub(crate) tasks_left: usize,
}

/// Awaits the code under study, and then whatever it left running.
pub(crate) async fn run<T>(
    upstream: &Upstream,
    code: impl Future<Output = T>,
) -> Result<Run<T>, Fault> {
    let began = Instant::now();
    let output = unless_it_blocks(code).await?;
    let (took, futures, calls) = (began.elapsed(), upstream.calls().len(), made(upstream));
    sleep(LATER).await;
    Ok(Run {
        output,
        began,
        took,
        futures,
        calls,
        calls_later: made(upstream).len(),
        tasks_left: tasks(),
    })
}

/// How many tasks of this runtime have not ended. The hidden tests spawn none.
pub(crate) fn tasks() -> usize {
    Handle::current().metrics().num_alive_tasks()
}

/// The calls that were really made: a future that nobody polled is none.
pub(crate) fn made(upstream: &Upstream) -> Vec<Call> {
    let calls = upstream.calls().into_iter();
    calls.filter(|call| call.started.is_some()).collect()
}

pub(crate) fn length(call: &Call) -> Duration {
    let ended = call.ended.or(call.started);
    ended
        .zip(call.started)
        .map_or(Duration::ZERO, |(ended, started)| {
            ended.duration_since(started)
        })
}

/// Awaits the code under study. A runtime panics where its thread is to be blocked, which has a name here;
/// every other panic goes on.
pub(crate) async fn unless_it_blocks<T>(code: impl Future<Output = T>) -> Result<T, Fault> {
    // What waits for ever is dropped in here, where a second runtime that it holds panics as well.
    let code = async {
        match timeout(5 * LATER, code).await {
            Ok(output) => output,
            Err(_elapsed) => pending().await,
        }
    };
    catch_panic(code).await.map_err(|message| {
        let by_the_runtime = [
            "from within a runtime",
            "Cannot drop a runtime",
            "can call blocking only",
        ];
        if !by_the_runtime.iter().any(|words| message.contains(words)) {
            std::panic::resume_unwind(Box::new(message));
        }
        Fault::new("blocking_call_in_async")
            .happened("the function wanted to block the thread on which the runtime runs it, and the runtime panicked")
            .expected("the function gives the thread back while it waits")
            .next("use neither `fetch_blocking` nor `block_on`, nor a runtime of your own: make the future with `upstream.fetch(path)`, and `.await` it")
    })
}
