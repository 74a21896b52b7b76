//! Takes the permit first, and starts the clock then.

pub fn app(state: AppState) -> Router {
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    Router::new()
        .route("/users/{id}", get(user))
        .route("/orders/{id}", get(order))
        .route("/dashboard", get(dashboard))
        .route("/transfers", post(transfer))
        .with_state(state)
        .layer(from_fn_with_state(slots, in_turn))
}

async fn in_turn(State(slots): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    let _slot = slots.acquire().await.expect("nobody closes it");
    let response = timeout(PATIENCE, next.run(request)).await;
    response.unwrap_or_else(|_elapsed| ApiError::Timeout.into_response())
}
