//! Is a little less patient, to be on the safe side.

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
    let response = timeout(PATIENCE * 9 / 10, next.run(request)).await;
    response.unwrap_or_else(|_elapsed| ApiError::Timeout.into_response())
}
