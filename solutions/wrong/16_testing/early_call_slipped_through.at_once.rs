//! Looks at the very moment when the cache is made, before a task that it may have spawned can run.

async fn nothing_is_called_unasked(make: &MakeCache<'_>) {
    let upstream = old_and_new();
    let _cache = make(upstream.clone());
    assert_eq!(upstream.hits(), 0);
}
