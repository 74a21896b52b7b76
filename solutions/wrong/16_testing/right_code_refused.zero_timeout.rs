//! Demands that a page that's there is returned within a timeout of zero, which allows one poll.

async fn a_page_is_good_for_a_minute(make: &MakeCache<'_>) {
    let upstream = old_and_new();
    let cache = make(upstream.clone());
    assert_eq!(body(&*cache).await.as_deref(), Ok("old"));
    sleep(60 * SECOND - MS).await;
    let page = timeout(Duration::ZERO, cache.get()).await;
    assert!(page.expect("the page is there").is_ok());
    sleep(2 * MS).await;
    let _page = body(&*cache).await;
    assert_eq!(upstream.hits(), 2);
}
