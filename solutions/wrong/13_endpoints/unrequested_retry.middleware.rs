//! Asks again when the answer is a 502.

pub fn app(state: AppState) -> Router {
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    Router::new()
        .route("/users/{id}", get(user))
        .route("/orders/{id}", get(order))
        .route("/dashboard", get(dashboard))
        .route("/transfers", post(transfer))
        .with_state(state)
        .layer(from_fn(again))
        .layer(from_fn_with_state(slots, in_turn))
        .layer(from_fn(in_time))
}

async fn again(request: Request, next: Next) -> Response {
    let (uri, extensions) = (request.uri().clone(), request.extensions().clone());
    let response = next.clone().run(request).await;
    if response.status() != StatusCode::BAD_GATEWAY {
        return response;
    }
    let mut request = Request::get(uri)
        .body(axum::body::Body::empty())
        .expect("the path is sound");
    *request.extensions_mut() = extensions;
    next.run(request).await
}
