//! Counts calls, and not the time that a `get` takes.

async fn a_page_is_good_for_a_minute(make: &MakeCache<'_>) {
    let upstream = old_and_new();
    let cache = make(upstream.clone());
    assert_eq!(body(&*cache).await.as_deref(), Ok("old"));
    sleep(60 * SECOND - 5 * MS).await;
    assert_eq!(body(&*cache).await.as_deref(), Ok("old"));
    assert_eq!(upstream.hits(), 1);
    sleep(10 * MS).await;
    let _page = body(&*cache).await;
    assert_eq!(upstream.hits(), 2);
}
