//! One run of the code under study, and what it left running.

use std::{
    future::{pending, poll_fn},
    pin::pin,
    task::Poll,
    time::Duration,
};

use async_workbook::{
    probes::woken::WhenWoken,
    services::upstream::Call,
    verdict::{Fault, catch_panic},
};
use tokio::{
    runtime::Handle,
    select,
    task::yield_now,
    time::{Instant, sleep},
};

use crate::{
    scenario::Scenario,
    threads::Threads,
    woken::{wake_all, when_woken},
};

/// Longer than any call here takes: whatever was left running has ended by then.
pub(crate) const LATER: Duration = Duration::from_secs(2 * 60 * 60);

/// What the code under study did.
pub(crate) struct Run<T> {
    pub(crate) output: T,
    pub(crate) began: Instant,
    pub(crate) took: Duration,
    /// How many futures it had made for calls when it returned, polled or not.
    pub(crate) futures: usize,
    /// The calls as they were when it returned.
    pub(crate) calls: Vec<Call>,
    /// How many calls there were once everything that it left running had ended.
    pub(crate) calls_later: usize,
    /// How many tasks went on after it had returned.
    pub(crate) tasks_left: usize,
}

/// Awaits the code under study, and then whatever it left running.
pub(crate) async fn run<T>(
    scenario: &Scenario,
    code: impl Future<Output = T>,
) -> Result<Run<T>, Fault> {
    let began = Instant::now();
    let output = watched(scenario, code).await?;
    let (took, calls) = (began.elapsed(), scenario.calls());
    let futures = scenario.upstream.calls().len();
    let tasks_left = tasks_left().await;
    sleep(LATER).await;
    Ok(Run {
        output,
        began,
        took,
        futures,
        calls,
        calls_later: scenario.calls().len(),
        tasks_left,
    })
}

/// How many tasks of this runtime have not ended. The hidden tests spawn none.
pub(crate) fn tasks() -> usize {
    Handle::current().metrics().num_alive_tasks()
}

/// How many of them go on, once those that were aborted have ended.
pub(crate) async fn tasks_left() -> usize {
    turns().await;
    tasks()
}

/// Awaits the code under study. If it's possible to tell what keeps it from ending, that is a fault. Any other code that
/// waits for ever waits for ever here too.
pub(crate) async fn watched<T>(
    scenario: &Scenario,
    code: impl Future<Output = T>,
) -> Result<T, Fault> {
    let code = async {
        // Code that waits for ever is dropped in here, so the panic of a second runtime that it holds is caught as well.
        match until_it_rests(scenario, code).await {
            Some(output) => output,
            None => pending().await,
        }
    };
    match catch_panic(code).await {
        Ok(output) => output,
        Err(message) => Err(blocked(message)),
    }
}

/// A runtime panics if code tries to block its thread, and that is a fault. Every other panic goes on.
fn blocked(message: String) -> Fault {
    let by_the_runtime = [
        "from within a runtime",
        "Cannot drop a runtime",
        "can call blocking only",
    ];
    if !by_the_runtime.iter().any(|words| message.contains(words)) {
        std::panic::resume_unwind(Box::new(message));
    }
    Fault::new("blocking_call_in_async_code")
        .happened("the function tried to block the runtime's own thread, and the runtime panicked")
        .expected("the function gives the thread back while it waits")
        .next("replace `fetch_blocking`, `block_on` or your own runtime with `upstream.fetch(path).await`")
}

/// The output of the code under study, or `None` if it waits for something that never happens.
async fn until_it_rests<T>(
    scenario: &Scenario,
    code: impl Future<Output = T>,
) -> Option<Result<T, Fault>> {
    let mut code = pin!(polled(when_woken(code)));
    select! {
        biased;
        output = &mut code => return Some(output),
        () = sleep(5 * LATER) => {}
    }
    // By now every timer that the code could wait for has fired. If it goes on when it's woken for no reason, then what
    // it waited for has happened, but didn't wake it.
    let progress = || {
        scenario
            .calls()
            .into_iter()
            .map(|call| call.ended)
            .collect::<Vec<_>>()
    };
    let before = progress();
    wake_all();
    let went_on = select! {
        biased;
        output = &mut code => match output {
            Ok(_) => true,
            Err(fault) => return Some(Err(fault)),
        },
        () = turns() => before != progress(),
    };
    went_on.then(|| Err(pending_without_wakeup(scenario)))
}

/// As many as a few tasks need to wake one another. No time passes.
async fn turns() {
    for _ in 0..50 {
        yield_now().await;
    }
}

fn pending_without_wakeup(scenario: &Scenario) -> Fault {
    let calls = scenario.calls();
    let waiting = match calls.last() {
        Some(call) => format!("the page for {} had arrived", call.path),
        None => "it could have gone on at once".to_owned(),
    };
    Fault::new("pending_without_wakeup")
        .happened(format!(
            "a future returned `Pending` without arranging to be woken: {waiting}, but the future went on only when the test woke it, hours later"
        ))
        .expected("a future that returns `Pending` has arranged for its waker to be called when there's more to do")
        .next("in your own `poll`, pass its `Context` on to the future that you poll, or use `.await`, which does that for you")
}

/// Polls the code under study, and looks at what it does in each poll.
async fn polled<T>(code: WhenWoken<'_, T>) -> Result<T, Fault> {
    let threads = Threads::before();
    let mut code = pin!(code);
    let (mut total, mut polls, mut since) = (0, 0, Instant::now());
    poll_fn(|context| {
        if since != Instant::now() {
            (polls, since) = (0, Instant::now());
        }
        (total, polls) = (total + 1, polls + 1);
        if polls > POLLS_AT_ONCE {
            return Poll::Ready(Err(busy_wait()));
        }
        let output = code.as_mut().poll(context);
        if total <= LISTED && threads.more() {
            return Poll::Ready(Err(needless_thread("the function started a thread".into())));
        }
        output.map(Ok)
    })
    .await
}

/// Enough polls to see a thread start. To list the threads after each of a million polls would take too long.
const LISTED: usize = 100;

/// More polls than the calls need, even if all their answers arrive at the same moment.
const POLLS_AT_ONCE: usize = 1_000;

fn busy_wait() -> Fault {
    Fault::new("busy_wait")
        .happened(format!(
            "the function kept waking itself to see whether its call was done, and was polled {POLLS_AT_ONCE} times in a row. No time passed: the paused clock moves on only when nothing asks to be polled"
        ))
        .expected("the function rests until its page arrives, and is polled again then")
        .next("replace the loop around `yield_now`, `is_finished` or `Instant::now` with `.await`")
}

pub(crate) fn needless_thread(happened: String) -> Fault {
    Fault::new("needless_thread")
        .happened(happened)
        .expected("one thread does everything: it polls the function, and is free while the function waits")
        .next("replace the `spawn_blocking`, the `std::thread` or the second runtime with `upstream.fetch(path).await`")
}
