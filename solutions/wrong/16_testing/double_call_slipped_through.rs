//! Calls `get` five times, one after another: only the first has to wait.

async fn callers_share_a_call(make: &MakeCache<'_>) {
    let upstream = old_and_new();
    let cache = make(upstream.clone());
    for _ in 0..5 {
        assert_eq!(body(&*cache).await.as_deref(), Ok("old"));
    }
    assert_eq!(upstream.hits(), 1);
}

async fn callers_share_an_error(make: &MakeCache<'_>) {
    let route = rates("new").first(1, rates("").fails(503));
    let cache = make(Upstream::builder().route(route).build());
    assert!(body(&*cache).await.is_err());
    assert_eq!(body(&*cache).await.as_deref(), Ok("new"));
}

async fn a_caller_may_be_dropped(make: &MakeCache<'_>) {
    let cache = make(Upstream::builder().route(rates("page")).build());
    let leaves = timeout(SECOND, cache.get());
    let (left, stays) = futures::join!(leaves, body(&*cache));
    assert!(left.is_err());
    assert_eq!(stays.as_deref(), Ok("page"));
}
