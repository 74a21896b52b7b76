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
    /// How many tasks went on when it had returned.
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

/// How many of them go on, once those that were told to end have done so.
pub(crate) async fn tasks_left() -> usize {
    turns().await;
    tasks()
}

/// Awaits the code under study. What keeps it from its end has a name here, if that can be told. All else that waits
/// for ever does so here, too.
pub(crate) async fn watched<T>(
    scenario: &Scenario,
    code: impl Future<Output = T>,
) -> Result<T, Fault> {
    let code = async {
        // What waits for ever is dropped in here, where a second runtime that it holds panics as well.
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

/// A runtime panics where its thread is to be blocked, which has a name here; every other panic goes on.
fn blocked(message: String) -> Fault {
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
}

/// The output of the code under study, or `None` if it waits for what never comes.
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
    // By now every timer has fired that the code could wait for. If it goes on when it is woken for no reason, then
    // what it waited for has happened, and was to wake nobody.
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

/// As many as tasks need that wake one another. No time passes.
async fn turns() {
    for _ in 0..50 {
        yield_now().await;
    }
}

fn pending_without_wakeup(scenario: &Scenario) -> Fault {
    let calls = scenario.calls();
    let waiting = match calls.last() {
        Some(call) => format!("the page for {} was there", call.path),
        None => "it could have gone on at once".to_owned(),
    };
    Fault::new("pending_without_wakeup")
        .happened(format!(
            "a future returned `Pending` and arranged no wake-up. {waiting}, and the future went on only because the test woke it, hours later"
        ))
        .expected("whoever returns `Pending` has made sure that the waker is called when there is more to do")
        .next("pass the `Context` that your `poll` gets on to the future that it polls; or use `.await`, which does just that")
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
            return Poll::Ready(Err(thread_started("the function started a thread".into())));
        }
        output.map(Ok)
    })
    .await
}

/// So many polls are enough to see a thread start, and to list the threads after each of a million takes too long.
const LISTED: usize = 100;

/// More polls than any number of calls needs that have their answers at the same moment.
const POLLS_AT_ONCE: usize = 1_000;

fn busy_wait() -> Fault {
    Fault::new("busy_wait")
        .happened(format!(
            "the function had itself polled {POLLS_AT_ONCE} times in a row, to see whether its call was done. Meanwhile no time passed: the paused clock moves on when nothing asks to be polled"
        ))
        .expected("the function rests until its page is there, and is polled then")
        .next("replace the loop by `.await`: it needs neither `yield_now` nor `is_finished`, and no `std::time::Instant`")
}

pub(crate) fn thread_started(happened: String) -> Fault {
    Fault::new("thread_started")
        .happened(happened)
        .expected("one thread does everything: it polls the function, and it is free while the function waits")
        .next("remove the `spawn_blocking`, the `std::thread` or the second runtime: `upstream.fetch(path).await` needs none of them")
}
