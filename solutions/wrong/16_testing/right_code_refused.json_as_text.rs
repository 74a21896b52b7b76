//! Compares the text of the JSON, spaces and order included.

async fn it_returns_each_rate(make: &MakeService<'_>) {
    let service = make(bank());
    for (currency, rate) in [("EUR", "1.08"), ("USD", "1.00"), ("LAT", "4.99")] {
        let request = Request::get(format!("/rates/{currency}")).body(Body::empty());
        let request = request.expect("the path is sound");
        let Ok(response) = service.clone().oneshot(request).await;
        assert!(is_json(response.headers()));
        let body = to_bytes(response.into_body(), usize::MAX).await;
        let expected = format!("{{\"currency\":\"{currency}\",\"rate\":\"{rate}\"}}");
        assert_eq!(body.expect("it's in memory"), expected);
    }
}
