//! Lets one caller at a time see an error.

async fn callers_share_an_error(make: &MakeCache<'_>) {
    let route = rates("new").first(1, rates("").fails(503));
    let upstream = Upstream::builder().route(route).build();
    let cache = make(upstream.clone());
    assert!(body(&*cache).await.is_err());
    assert_eq!(upstream.hits(), 1);
    assert_eq!(body(&*cache).await.as_deref(), Ok("new"));
    assert_eq!(upstream.hits(), 2);
}
