//! Tries no letters of other alphabets, some of which are capitals too.

async fn it_checks_the_currency(make: &MakeService<'_>) {
    let upstream = bank();
    let service = make(upstream.clone());
    for currency in ["eur", "EU1", "EU", "EURO"] {
        refused(&service, currency, 400).await;
    }
    assert_eq!(upstream.hits(), 0);
}
