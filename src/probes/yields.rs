//! Makes code yield where it seldom does: at each await of something of tokio's, ready or not.
//!
//! An await of a free lock doesn't yield, so a test of one thread never sees what another task could do between two
//! locks. But tokio gives each poll of a task a budget of operations, and a lock, a channel or a timer that finds none
//! left yields, even if it's ready. [`with_budget`] leaves so few that every await is a point where other tasks run.
//!
//! A free lock takes its turn first and yields then, so the others queue up behind it. It takes three tasks to see that
//! two locks aren't one:
//!
//! ```
//! use std::sync::Arc;
//!
//! use async_workbook::probes::yields::with_budget;
//! use tokio::{sync::Mutex, task::JoinSet};
//!
//! async fn add(count: Arc<Mutex<usize>>) {
//!     let before = *count.lock().await;
//!     *count.lock().await = before + 1;
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let count = Arc::new(Mutex::new(0));
//! let tasks: JoinSet<()> = (0..3).map(|_| add(count.clone())).collect();
//! tasks.join_all().await;
//! assert_eq!(*count.lock().await, 3, "no await yielded");
//!
//! let count = Arc::new(Mutex::new(0));
//! let tasks: JoinSet<()> = (0..3).map(|_| with_budget(1, add(count.clone()))).collect();
//! tasks.join_all().await;
//! assert_eq!(*count.lock().await, 2, "two of them read 1, and both wrote 2");
//! # }
//! ```

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::{Context, Poll},
};

use tokio::task::{consume_budget, coop::has_budget_remaining};

/// How many operations tokio gives a poll of a task.
const BUDGET: usize = 128;

/// Awaits `future`, and leaves it no more than so many of tokio's operations each time it is polled.
///
/// With none, it would never get on. What the future spawns has budgets of its own.
///
/// # Cancel safety
///
/// Dropping this drops `future`, and nothing else.
pub async fn with_budget<F: Future>(operations: usize, future: F) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|context| {
        // Several of these in one task share its budget, so each takes its turn with whatever the task has left.
        if !has_budget_remaining() {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        spend(context, BUDGET.saturating_sub(operations));
        future.as_mut().poll(context)
    })
    .await
}

fn spend(context: &mut Context<'_>, operations: usize) {
    for _ in 0..operations {
        let _ready = pin!(consume_budget()).poll(context);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::{
        sync::Mutex,
        task::JoinSet,
        time::{Instant, sleep},
    };

    use super::*;

    /// Reads under one lock and writes under the next, `reads` locks later.
    async fn add(count: &Mutex<usize>, reads: usize) {
        let mut before = 0;
        for _ in 0..reads {
            before = *count.lock().await;
        }
        *count.lock().await = before + 1;
    }

    async fn five_additions(reads: usize, operations: usize) -> usize {
        let count: &'static Mutex<usize> = Box::leak(Box::new(Mutex::new(0)));
        let mut tasks = JoinSet::new();
        for _ in 0..5 {
            tasks.spawn(with_budget(operations, add(count, reads)));
        }
        tasks.join_all().await;
        *count.lock().await
    }

    #[tokio::test]
    async fn a_task_yields_after_as_many_operations_as_it_has() {
        // The first one yields with the lock for its write, and all others queue up to read.
        assert_eq!(five_additions(1, 1).await, 2, "four read 1");
        assert_eq!(
            five_additions(1, 2).await,
            5,
            "each wrote before the next one read"
        );
        assert_eq!(
            five_additions(2, 2).await,
            2,
            "both reads, and the write is one too many"
        );
        assert_eq!(five_additions(2, 3).await, 5);
    }

    #[tokio::test(start_paused = true)]
    async fn waits_take_as_long_as_ever() {
        let start = Instant::now();
        with_budget(1, sleep(Duration::from_millis(100))).await;
        assert_eq!(start.elapsed(), Duration::from_millis(100));
    }
}
