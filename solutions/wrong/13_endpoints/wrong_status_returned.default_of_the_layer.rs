//! A 408, which tells the client that it was slow itself.

pub fn app(state: AppState) -> Router {
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    Router::new()
        .route("/users/{id}", get(user))
        .route("/orders/{id}", get(order))
        .route("/dashboard", get(dashboard))
        .route("/transfers", post(transfer))
        .with_state(state)
        .layer(from_fn_with_state(slots, in_turn))
        .layer(tower_http::timeout::TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            PATIENCE,
        ))
}
