//! Demands that there's no digit in an error, whatever it stands for.

async fn it_tells_failures_apart(make: &MakeService<'_>) {
    let service = make(bank());
    for (currency, status) in [("ZZZ", 404), ("OLD", 502), ("ITL", 502)] {
        let error = refused(&service, currency, status).await;
        assert!(!error.contains("rates/"), "{error}");
        assert!(!error.contains(|c: char| c.is_ascii_digit()), "{error}");
    }
}
