//! Awaits the response without a limit.

async fn ask(service: &Router, currency: &str) -> Reply {
    let request = Request::get(format!("/rates/{currency}")).body(Body::empty());
    let request = request.expect("the path is sound");
    let Ok(response) = service.clone().oneshot(request).await;
    assert!(is_json(response.headers()), "{:?}", response.headers());
    let status = response.status();
    let body = to_bytes(response.into_body(), usize::MAX).await;
    let json = serde_json::from_slice(&body.expect("it's in memory"));
    Reply {
        status,
        json: json.expect("the body is JSON"),
    }
}
