//! Chapter 04.

use std::time::Duration;

use futures::future::{join_all, select_ok, try_join_all};
use tokio::time::sleep;

async fn call(millis: u64, works: bool) -> Result<u64, u64> {
    sleep(Duration::from_millis(millis)).await;
    if works { Ok(millis) } else { Err(millis) }
}

fn calls() -> [impl Future<Output = Result<u64, u64>>; 3] {
    [(300, true), (100, false), (200, true)].map(|(millis, works)| call(millis, works))
}

#[tokio::test(start_paused = true)]
async fn what_return_exceptions_is() {
    let kept = join_all(calls()).await;
    assert_eq!(kept, [Ok(300), Err(100), Ok(200)]);
    assert_eq!(try_join_all(calls()).await, Err(100));
    let flat: Vec<u64> = join_all(calls()).await.into_iter().flatten().collect();
    assert_eq!(flat, [300, 200]);
    let (first, dropped) = select_ok(calls().map(Box::pin)).await.expect("two succeed");
    assert_eq!((first, dropped.len()), (200, 1));
}

#[tokio::test(start_paused = true)]
async fn errors_of_select_ok() {
    let all_fail = [300, 100, 500, 200, 400].map(|millis| Box::pin(call(millis, false)));
    let failed = select_ok(all_fail).await.map(|(output, _)| output);
    assert_eq!(failed, Err(500), "that of the last to fail");
}
