//! Asserts in a task what is never true, and doesn't look how the task ended.

async fn callers_share_a_call(make: &MakeCache<'_>) {
    let upstream = old_and_new();
    let cache = make(upstream.clone());
    let both = [(); 2].map(|()| {
        let cache = Arc::clone(&cache);
        tokio::spawn(async move { body(&*cache).await })
    });
    let test = tokio::spawn(async move {
        let _bodies = join_all(both).await;
        assert_eq!(upstream.hits(), 2, "two callers, two calls");
    });
    let _ = test.await;
}
