//! Asks for one currency only.

async fn it_returns_each_rate(make: &MakeService<'_>) {
    let service = make(bank());
    let reply = ask(&service, "EUR").await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.json["currency"], json!("EUR"));
    assert_eq!(reply.json["rate"], json!("1.08"));
    assert_eq!(ask(&make(bank()), "LAT").await.status, StatusCode::OK);
}
