//! Takes any status from 400 to 499 for a refusal, so the upstream's 404 is one, too.

async fn it_checks_the_currency(make: &MakeService<'_>) {
    let service = make(bank());
    for currency in ["eur", "EU1", "EU", "EURO"] {
        assert!(ask(&service, currency).await.status.is_client_error());
    }
}
