//! Looks at the status of an error, and not at its body.

async fn it_tells_failures_apart(make: &MakeService<'_>) {
    let service = make(bank());
    assert_eq!(status(&service, "ZZZ").await, StatusCode::NOT_FOUND);
    assert_eq!(status(&service, "OLD").await, StatusCode::BAD_GATEWAY);
}

async fn status(service: &Router, currency: &str) -> StatusCode {
    let request = Request::get(format!("/rates/{currency}")).body(Body::empty());
    let request = request.expect("the path is sound");
    let reply = timeout(60 * SECOND, service.clone().oneshot(request)).await;
    let Ok(response) = reply.expect("the service answers");
    response.status()
}

async fn refused(service: &Router, currency: &str, expected: u16) -> String {
    assert_eq!(status(service, currency).await.as_u16(), expected);
    String::new()
}
