//! Is content with a 504 that comes within 5 s, however early.

async fn it_returns_each_rate(make: &MakeService<'_>) {
    let service = make(bank());
    for (currency, rate) in [("EUR", "1.08"), ("USD", "1.00")] {
        let reply = ask(&service, currency).await;
        assert_eq!(reply.status, StatusCode::OK);
        assert_eq!(reply.json["currency"], json!(currency));
        assert_eq!(reply.json["rate"], json!(rate));
    }
}

async fn it_gives_up_after_five_seconds(make: &MakeService<'_>) {
    let upstream = bank();
    let service = make(upstream.clone());
    let start = Instant::now();
    refused(&service, "SLO", 504).await;
    assert!(start.elapsed() <= 5 * SECOND);
    sleep(MS).await;
    assert_eq!(upstream.in_flight(), 0);
}
