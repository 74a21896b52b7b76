//! Counts the calls after a minute, and doesn't look at the page.

async fn a_new_page_is_returned(make: &MakeCache<'_>) {
    let upstream = old_and_new();
    let cache = make(upstream.clone());
    assert!(body(&*cache).await.is_ok());
    sleep(61 * SECOND).await;
    assert!(body(&*cache).await.is_ok());
    assert_eq!(upstream.hits(), 2);
}
