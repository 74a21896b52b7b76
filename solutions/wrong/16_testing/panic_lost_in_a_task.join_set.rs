//! Waits for its tasks, and doesn't look at what became of them.

use tokio::task::JoinSet;

async fn a_new_error_is_returned(make: &MakeCache<'_>) {
    let mut tests = JoinSet::new();
    let route = rates("").fails(503).first(1, rates("old"));
    let cache = make(Upstream::builder().route(route).build());
    tests.spawn(async move {
        assert_eq!(body(&*cache).await.as_deref(), Ok("old"));
        sleep(61 * SECOND).await;
        assert!(body(&*cache).await.is_err());
    });
    while tests.join_next().await.is_some() {}
}
