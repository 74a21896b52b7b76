//! Compares an error with all that the upstream's error says, and not with the parts of it.

async fn it_tells_failures_apart(make: &MakeService<'_>) {
    let upstream = bank();
    let service = make(upstream.clone());
    for (currency, status) in [("ZZZ", 404), ("OLD", 502), ("ITL", 502)] {
        let error = refused(&service, currency, status).await;
        let cause = upstream.get(&format!("rates/{currency}")).await;
        assert_ne!(error, cause.expect_err("it fails").to_string());
    }
}
