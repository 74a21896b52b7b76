//! Looks for the upstream's path in an error, and not for its status.

async fn it_tells_failures_apart(make: &MakeService<'_>) {
    let service = make(bank());
    for (currency, status) in [("ZZZ", 404), ("OLD", 502), ("ITL", 502)] {
        let error = refused(&service, currency, status).await;
        assert!(!error.contains("rates/"), "{error}");
    }
}
