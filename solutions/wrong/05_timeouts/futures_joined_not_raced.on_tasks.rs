//! Sleeps until the second call is due, whatever the first one does.

use tokio::task::JoinSet;

pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    let mut calls = JoinSet::new();
    calls.spawn(call());
    sleep(after).await;
    calls.spawn(call());
    let first_to_end = calls.join_next().await.expect("two calls are under way");
    first_to_end.expect("no call panics")
}
