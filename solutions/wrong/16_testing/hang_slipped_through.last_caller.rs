//! Drops the caller who came last, and not the one who makes the call.

async fn a_caller_may_be_dropped(make: &MakeCache<'_>) {
    let cache = make(old_and_new());
    let leaves = timeout(SECOND, cache.get());
    let (stays, left) = futures::join!(body(&*cache), leaves);
    assert!(left.is_err());
    assert_eq!(stays.as_deref(), Ok("old"));
}
