//! Tests what callers get when their call fails, and not how many calls there were.

async fn callers_share_an_error(make: &MakeCache<'_>) {
    let cache = make(Upstream::builder().route(rates("").fails(503)).build());
    let bodies = join_all((0..5).map(|_| body(&*cache))).await;
    assert!(bodies.iter().all(Result::is_err));
    let route = rates("new").first(1, rates("").fails(503));
    let cache = make(Upstream::builder().route(route).build());
    assert!(body(&*cache).await.is_err());
    assert_eq!(body(&*cache).await.as_deref(), Ok("new"));
}
