//! Has an upstream whose page never changes, so an old one looks like a new one.

async fn a_new_page_is_returned(make: &MakeCache<'_>) {
    let upstream = Upstream::builder().route(rates("same")).build();
    let cache = make(upstream.clone());
    assert_eq!(body(&*cache).await.as_deref(), Ok("same"));
    sleep(61 * SECOND).await;
    assert_eq!(body(&*cache).await.as_deref(), Ok("same"));
    assert_eq!(upstream.hits(), 2);
}
