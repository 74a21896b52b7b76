//! Looks before the first `get`, and never after it, when nobody asks any more.

async fn nothing_is_called_unasked(make: &MakeCache<'_>) {
    let upstream = old_and_new();
    let _cache = make(upstream.clone());
    sleep(120 * SECOND).await;
    assert_eq!(upstream.hits(), 0);
}
