//! Never asks for a currency that the upstream doesn't have.

async fn it_tells_failures_apart(make: &MakeService<'_>) {
    let failed = refused(&make(bank()), "OLD", 502).await;
    assert!(!failed.contains("rates/"), "{failed}");
}
