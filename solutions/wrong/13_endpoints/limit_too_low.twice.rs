//! The same semaphore is in two layers, and each request takes two permits.

pub fn app(state: AppState) -> Router {
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    Router::new()
        .route("/users/{id}", get(user))
        .route("/orders/{id}", get(order))
        .route("/dashboard", get(dashboard))
        .route("/transfers", post(transfer))
        .with_state(state)
        .layer(from_fn_with_state(slots.clone(), in_turn))
        .layer(from_fn_with_state(slots, in_turn))
        .layer(from_fn(in_time))
}
