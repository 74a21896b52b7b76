//! Tests that an error is returned, and never what comes after it.

async fn callers_share_an_error(make: &MakeCache<'_>) {
    let upstream = Upstream::builder().route(rates("").fails(503)).build();
    let cache = make(upstream.clone());
    let bodies = join_all((0..5).map(|_| body(&*cache))).await;
    assert!(bodies.iter().all(Result::is_err));
    assert_eq!(upstream.hits(), 1);
}
