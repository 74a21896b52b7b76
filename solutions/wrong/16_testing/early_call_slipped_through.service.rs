//! Looks at the status of a wrong currency, and not at what was called for it.

async fn it_checks_the_currency(make: &MakeService<'_>) {
    let service = make(bank());
    for currency in ["eur", "EU1", "EU", "EURO"] {
        refused(&service, currency, 400).await;
    }
}
