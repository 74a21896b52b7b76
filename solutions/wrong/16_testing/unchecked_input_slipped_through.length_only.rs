//! Tries currencies of a wrong length only.

async fn it_checks_the_currency(make: &MakeService<'_>) {
    let upstream = bank();
    let service = make(upstream.clone());
    for currency in ["EU", "EURO"] {
        refused(&service, currency, 400).await;
    }
    assert_eq!(upstream.hits(), 0);
}
