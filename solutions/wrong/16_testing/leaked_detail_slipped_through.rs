//! Tests what has to be in an error, and not what must not.

async fn it_tells_failures_apart(make: &MakeService<'_>) {
    let service = make(bank());
    let missing = refused(&service, "ZZZ", 404).await;
    let failed = refused(&service, "OLD", 502).await;
    assert!(!missing.is_empty() && !failed.is_empty());
}
