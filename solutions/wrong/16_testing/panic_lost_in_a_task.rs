//! Asserts in a task that nobody awaits.

async fn callers_share_an_error(make: &MakeCache<'_>) {
    let route = rates("new").first(1, rates("").fails(503));
    let upstream = Upstream::builder().route(route).build();
    let cache = make(upstream.clone());
    let bodies = join_all((0..5).map(|_| body(&*cache))).await;
    assert!(bodies.iter().all(Result::is_err));
    assert_eq!(upstream.hits(), 1);
    tokio::spawn(async move {
        assert_eq!(body(&*cache).await.as_deref(), Ok("new"));
    });
    sleep(10 * SECOND).await;
}
