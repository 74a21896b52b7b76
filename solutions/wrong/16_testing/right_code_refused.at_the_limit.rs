//! Looks at exactly 60 s, where the contract allows both.

async fn a_page_is_good_for_a_minute(make: &MakeCache<'_>) {
    let upstream = old_and_new();
    let cache = make(upstream.clone());
    assert_eq!(body(&*cache).await.as_deref(), Ok("old"));
    sleep(60 * SECOND - MS).await;
    let start = Instant::now();
    assert_eq!(body(&*cache).await.as_deref(), Ok("old"));
    assert_eq!(start.elapsed(), Duration::ZERO);
    sleep(MS).await;
    let _page = body(&*cache).await;
    assert_eq!(upstream.hits(), 2);
}
