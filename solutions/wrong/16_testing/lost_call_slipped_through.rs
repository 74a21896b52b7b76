//! Looks whether the caller who stays gets an answer, and not at what it is.

async fn a_caller_may_be_dropped(make: &MakeCache<'_>) {
    let cache = make(old_and_new());
    let leaves = timeout(SECOND, cache.get());
    let (left, _stays) = futures::join!(leaves, body(&*cache));
    assert!(left.is_err());
}
