//! Runs the handler in a task, which goes on after the 504.

pub fn app(state: AppState) -> Router {
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    Router::new()
        .route("/users/{id}", get(user))
        .route("/orders/{id}", get(order))
        .route("/dashboard", get(dashboard))
        .route("/transfers", post(transfer))
        .with_state(state)
        .layer(from_fn_with_state(slots, in_turn))
        .layer(from_fn(in_time))
}

async fn in_time(request: Request, next: Next) -> Response {
    let handled = tokio::spawn(next.run(request));
    match timeout(PATIENCE, handled).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => ApiError::Internal("a handler panicked".into()).into_response(),
        Err(_elapsed) => ApiError::Timeout.into_response(),
    }
}
