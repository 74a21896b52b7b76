//! Demands that a call ends when nobody waits for it any more, which the contract leaves open.

async fn a_caller_may_be_dropped(make: &MakeCache<'_>) {
    let upstream = old_and_new();
    let cache = make(upstream.clone());
    assert!(timeout(SECOND, cache.get()).await.is_err());
    assert_eq!(upstream.in_flight(), 0);
    let leaves = timeout(SECOND, cache.get());
    let (left, stays) = futures::join!(leaves, body(&*cache));
    assert!(left.is_err());
    assert!(stays.is_ok());
}
