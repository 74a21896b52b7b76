//! Measures a hit with a clock of `std`, which doesn't see how long a `sleep` takes.

async fn a_page_is_good_for_a_minute(make: &MakeCache<'_>) {
    let upstream = old_and_new();
    let cache = make(upstream.clone());
    assert_eq!(body(&*cache).await.as_deref(), Ok("old"));
    sleep(60 * SECOND - 5 * MS).await;
    let start = std::time::Instant::now();
    assert_eq!(body(&*cache).await.as_deref(), Ok("old"));
    assert!(start.elapsed() < SECOND);
    assert_eq!(upstream.hits(), 1);
    sleep(10 * MS).await;
    let _page = body(&*cache).await;
    assert_eq!(upstream.hits(), 2);
}
