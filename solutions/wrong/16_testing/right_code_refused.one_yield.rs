//! Counts the calls after a single yield, and not after some time.

async fn callers_share_a_call(make: &MakeCache<'_>) {
    let upstream = old_and_new();
    let cache = make(upstream.clone());
    let tasks = [(); 5].map(|()| {
        let cache = Arc::clone(&cache);
        tokio::spawn(async move { body(&*cache).await })
    });
    tokio::task::yield_now().await;
    assert_eq!(upstream.hits(), 1);
    for task in tasks {
        assert!(task.await.expect("it doesn't panic").is_ok());
    }
    assert_eq!(upstream.hits(), 1);
}
