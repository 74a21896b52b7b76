//! Why `join_all` falls behind when very many futures are ready at once: how often they are polled.

use std::{cell::Cell, pin::pin, time::Duration};

use futures::future::{join_all, poll_fn};
use tokio::{task::coop::unconstrained, time::sleep};

// ANCHOR: counted
/// Waits a moment, and counts how often it is polled.
async fn counted(polls: &Cell<usize>) {
    let mut wait = pin!(sleep(Duration::from_millis(100)));
    poll_fn(|cx| {
        polls.set(polls.get() + 1);
        wait.as_mut().poll(cx)
    })
    .await;
}
// ANCHOR_END: counted

// ANCHOR: polls
/// Every wait is polled when it is made to wait. Once they are ready, the task polls all that are left, turn after
/// turn, and only the first 128 of them may end in a turn.
fn polls_on_one_task(waits: usize) -> usize {
    let turns = (0..waits).step_by(128);
    waits + turns.map(|ended| waits - ended).sum::<usize>()
}

#[tokio::test(start_paused = true)]
async fn waits_that_end_together_are_polled_again_and_again() {
    for waits in [100, 1_000, 10_000] {
        let polls = Cell::new(0);
        join_all((0..waits).map(|_| counted(&polls))).await;
        assert_eq!(polls.get(), polls_on_one_task(waits));

        // Without the budget: once when it is made to wait, and once when it is ready.
        let polls = Cell::new(0);
        unconstrained(join_all((0..waits).map(|_| counted(&polls)))).await;
        assert_eq!(polls.get(), 2 * waits);
    }
    // Too many to be run in a test of a moment.
    assert_eq!(polls_on_one_task(100_000), 39_212_512);
}
// ANCHOR_END: polls
