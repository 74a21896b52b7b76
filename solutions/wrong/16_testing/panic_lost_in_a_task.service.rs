//! Sends requests from tasks, and throws their results away.

async fn it_checks_the_currency(make: &MakeService<'_>) {
    let service = make(bank());
    let tasks = ["eur", "EU1", "EU", "EURO"].map(|currency| {
        let service = service.clone();
        tokio::spawn(async move { refused(&service, currency, 400).await })
    });
    let _results = join_all(tasks).await;
}
