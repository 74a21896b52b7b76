//! Demands words of its own in an error.

async fn it_tells_failures_apart(make: &MakeService<'_>) {
    let service = make(bank());
    assert_eq!(refused(&service, "ZZZ", 404).await, "not found");
    assert_eq!(refused(&service, "OLD", 502).await, "bad gateway");
}
