//! Parses whatever comes as JSON, and never looks at the headers.

async fn ask(service: &Router, currency: &str) -> Reply {
    let request = Request::get(format!("/rates/{currency}")).body(Body::empty());
    let request = request.expect("the path is sound");
    let reply = timeout(60 * SECOND, service.clone().oneshot(request)).await;
    let Ok(response) = reply.expect("the service answers");
    let status = response.status();
    let body = to_bytes(response.into_body(), usize::MAX).await;
    let json = serde_json::from_slice(&body.expect("it's in memory"));
    Reply {
        status,
        json: json.expect("the body is JSON"),
    }
}
