//! Chapter 01.

use std::time::Duration;

use futures::future::join_all;
use tokio::{sync::Semaphore, time::sleep};

use crate::time;

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn one_by_one_or_joined() {
    let in_turn = time(async {
        for _ in 0..3 {
            sleep(SECOND).await;
        }
    });
    assert_eq!(in_turn.await, 3 * SECOND);
    let joined = time(async { tokio::join!(sleep(SECOND), sleep(SECOND), sleep(SECOND)) });
    assert_eq!(joined.await, SECOND);
}

#[deny(unfulfilled_lint_expectations, unused_must_use)]
#[expect(
    clippy::let_underscore_future,
    clippy::vec_init_then_push,
    reason = "these are wrong choices"
)]
#[test]
fn which_warning() {
    async fn fetch() {}

    #[expect(unused_must_use, reason = "this is the right choice")]
    fetch();

    let _ = fetch();
    let call = fetch();
    drop(call);
    let mut calls = Vec::new();
    calls.push(fetch());
}

#[tokio::test(start_paused = true)]
async fn requests_on_one_thread() {
    const COMPUTING: Duration = Duration::from_millis(1);
    const WAITING: Duration = Duration::from_millis(99);
    // The paused clock doesn't see what computes, so a permit stands for the thread.
    let thread = Semaphore::new(1);
    let awaits = async || {
        let computing = thread.acquire().await.expect("nobody closes it");
        sleep(COMPUTING).await;
        drop(computing);
        sleep(WAITING).await;
    };
    let took = time(join_all((0..1000).map(|_| awaits()))).await;
    assert_eq!(took, 1000 * COMPUTING + WAITING);

    let blocks = async || {
        let _blocked = thread.acquire().await.expect("nobody closes it");
        sleep(COMPUTING + WAITING).await;
    };
    let took = time(join_all((0..10).map(|_| blocks()))).await;
    assert_eq!(took, SECOND);
}
