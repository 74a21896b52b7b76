//! Lets callers wait together for the first page, and never for the next.

async fn callers_share_a_call(make: &MakeCache<'_>) {
    let upstream = old_and_new();
    let cache = make(upstream.clone());
    let bodies = join_all((0..5).map(|_| body(&*cache))).await;
    assert!(bodies.iter().all(|body| body.as_deref() == Ok("old")));
    assert_eq!(upstream.hits(), 1);
}
