//! Asks again after a second, and not just before the minute is over.

async fn a_page_is_good_for_a_minute(make: &MakeCache<'_>) {
    let upstream = old_and_new();
    let cache = make(upstream.clone());
    let _page = body(&*cache).await;
    sleep(SECOND).await;
    let start = Instant::now();
    let _page = body(&*cache).await;
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert_eq!(upstream.hits(), 1);
    sleep(60 * SECOND).await;
    let _page = body(&*cache).await;
    assert_eq!(upstream.hits(), 2);
}
