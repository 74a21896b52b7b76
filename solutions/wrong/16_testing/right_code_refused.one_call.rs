//! Demands that the call of a dropped caller goes on.

async fn a_caller_may_be_dropped(make: &MakeCache<'_>) {
    let upstream = old_and_new();
    let cache = make(upstream.clone());
    let leaves = timeout(SECOND, cache.get());
    let (left, stays) = futures::join!(leaves, body(&*cache));
    assert!(left.is_err());
    assert_eq!(stays.as_deref(), Ok("old"));
    assert_eq!(upstream.hits(), 1);
}
