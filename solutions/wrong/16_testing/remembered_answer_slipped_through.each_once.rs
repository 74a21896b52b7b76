//! Asks one service for several currencies, and for none of them twice.

async fn it_returns_each_rate(make: &MakeService<'_>) {
    let service = make(bank());
    for (currency, rate) in [("EUR", "1.08"), ("USD", "1.00"), ("LAT", "4.99")] {
        let reply = ask(&service, currency).await;
        assert_eq!(reply.status, StatusCode::OK);
        assert_eq!(reply.json["currency"], json!(currency));
        assert_eq!(reply.json["rate"], json!(rate));
    }
}
