//! Has an upstream that waits for two calls, where there is one.

async fn callers_share_a_call(make: &MakeCache<'_>) {
    let upstream = Upstream::builder().route(rates("old")).gate(2).build();
    let cache = make(upstream.clone());
    let pages = join_all((0..5).map(|_| cache.get())).await;
    assert!(pages.iter().all(Result::is_ok));
    assert_eq!(upstream.hits(), 1);
}
