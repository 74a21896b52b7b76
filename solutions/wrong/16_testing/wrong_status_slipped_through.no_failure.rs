//! Never lets the upstream fail.

async fn it_tells_failures_apart(make: &MakeService<'_>) {
    let missing = refused(&make(bank()), "ZZZ", 404).await;
    assert!(!missing.contains("rates/"), "{missing}");
}
