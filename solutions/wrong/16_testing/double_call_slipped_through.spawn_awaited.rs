//! Spawns a task for each caller, and awaits it before it spawns the next.

async fn callers_share_a_call(make: &MakeCache<'_>) {
    let upstream = old_and_new();
    let cache = make(upstream.clone());
    for _ in 0..5 {
        let cache = Arc::clone(&cache);
        let task = tokio::spawn(async move { body(&*cache).await });
        assert!(task.await.expect("it doesn't panic").is_ok());
    }
    assert_eq!(upstream.hits(), 1);
}

async fn callers_share_an_error(make: &MakeCache<'_>) {
    let cache = make(Upstream::builder().route(rates("").fails(503)).build());
    assert!(body(&*cache).await.is_err());
    let route = rates("new").first(1, rates("").fails(503));
    let cache = make(Upstream::builder().route(route).build());
    assert!(body(&*cache).await.is_err());
    assert!(body(&*cache).await.is_ok());
}

async fn a_caller_may_be_dropped(make: &MakeCache<'_>) {
    let cache = make(Upstream::builder().route(rates("page")).build());
    let leaves = timeout(SECOND, cache.get());
    let (left, stays) = futures::join!(leaves, body(&*cache));
    assert!(left.is_err());
    assert_eq!(stays.as_deref(), Ok("page"));
}
