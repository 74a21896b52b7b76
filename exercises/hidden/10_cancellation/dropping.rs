//! Ways to drop a future, which a `select!` or a timeout in somebody's code would be.

use std::{future::poll_fn, pin::pin, task::Context, time::Duration};

use async_workbook::{harness::ms, verdict::catch_panic_blocking};
use futures::future::LocalBoxFuture;
use tokio::{
    runtime::Handle,
    task::{consume_budget, yield_now},
    time::{Instant, sleep, timeout},
};

/// Much longer than any scenario takes.
pub(crate) const HANGS: Duration = Duration::from_secs(60 * 60);

/// A future that has been polled so often, if it's still there.
pub(crate) enum Polled<'a, T> {
    Ended(T),
    Waits(LocalBoxFuture<'a, T>),
}

/// Takes so many steps of those that tokio lets a task take before it has to wait: 128 for each of its polls. Almost all
/// awaits of tokio take one. With none left, they wait for the task's next turn, and a future can be dropped there too.
pub(crate) fn take_steps(steps: u32, context: &mut Context<'_>) {
    for _ in 0..steps {
        if pin!(consume_budget()).poll(context).is_pending() {
            break;
        }
    }
}

/// So many that a future has few steps left, or none.
pub(crate) const ALMOST_ALL_STEPS: std::ops::Range<u32> = 116..128;

/// Polls a future so often, each time that it's woken, and no further. With 0, never.
pub(crate) async fn polled<T>(future: LocalBoxFuture<'_, T>, polls: usize) -> Polled<'_, T> {
    polled_in_haste(future, polls, 0).await
}

/// The same, and so many steps were taken before the last poll.
pub(crate) async fn polled_in_haste<T>(
    mut future: LocalBoxFuture<'_, T>,
    polls: usize,
    steps: u32,
) -> Polled<'_, T> {
    let mut polled = 0;
    let ended = poll_fn(|context| {
        if polled == polls {
            return std::task::Poll::Ready(None);
        }
        polled += 1;
        if polled == polls {
            take_steps(steps, context);
        }
        match future.as_mut().poll(context) {
            std::task::Poll::Ready(output) => std::task::Poll::Ready(Some(output)),
            std::task::Poll::Pending if polled == polls => std::task::Poll::Ready(None),
            std::task::Poll::Pending => std::task::Poll::Pending,
        }
    });
    // Woken by nothing, it isn't polled again.
    match timeout(HANGS, ended).await {
        Ok(Some(output)) => Polled::Ended(output),
        Ok(None) | Err(_) => Polled::Waits(future),
    }
}

/// Drops a future at once. A destructor that panics gives its message.
pub(crate) fn dropped<T>(future: LocalBoxFuture<'_, T>) -> Result<(), String> {
    catch_panic_blocking(|| drop(future))
}

/// Gives tasks the time to notice something, at the same instant of the paused clock.
pub(crate) async fn tasks_take_turns() {
    for _ in 0..20 {
        yield_now().await;
    }
}

/// How many tasks are alive when those that were told to end have had the time for it.
pub(crate) async fn tasks_left() -> usize {
    tasks_take_turns().await;
    Handle::current().metrics().num_alive_tasks()
}

pub(crate) fn millis(start: Instant, instant: Instant) -> u64 {
    let since = instant.saturating_duration_since(start);
    u64::try_from(since.as_millis()).expect("no scenario is that long")
}

pub(crate) async fn a_moment() {
    sleep(ms(1)).await;
}
