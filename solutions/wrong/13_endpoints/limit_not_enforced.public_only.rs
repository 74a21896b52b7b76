//! The layers are there before half of the routes.

pub fn app(state: AppState) -> Router {
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    Router::new()
        .route("/users/{id}", get(user))
        .route("/orders/{id}", get(order))
        .layer(from_fn_with_state(slots, in_turn))
        .route("/dashboard", get(dashboard))
        .route("/transfers", post(transfer))
        .layer(from_fn(in_time))
        .with_state(state)
}
