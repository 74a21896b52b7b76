//! Uses an upstream that answers at once: then the call and its page are one moment.

async fn a_page_is_good_for_a_minute(make: &MakeCache<'_>) {
    let upstream = Upstream::builder().route(Route::new("rates")).build();
    let cache = make(upstream.clone());
    let _page = body(&*cache).await;
    sleep(60 * SECOND - MS).await;
    let start = Instant::now();
    let _page = body(&*cache).await;
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert_eq!(upstream.hits(), 1);
    sleep(2 * MS).await;
    let _page = body(&*cache).await;
    assert_eq!(upstream.hits(), 2);
}
