//! Lets the upstream fail with a 503, and with no status that is close to 404.

async fn it_tells_failures_apart(make: &MakeService<'_>) {
    let service = make(bank());
    let missing = refused(&service, "ZZZ", 404).await;
    let failed = refused(&service, "OLD", 502).await;
    for detail in ["rates/", "404", "503"] {
        assert!(!missing.contains(detail), "{missing}");
        assert!(!failed.contains(detail), "{failed}");
    }
}
