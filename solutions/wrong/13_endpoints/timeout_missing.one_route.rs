//! The limit on time is around one route.

pub fn app(state: AppState) -> Router {
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    Router::new()
        .route("/users/{id}", get(user).layer(from_fn(in_time)))
        .route("/orders/{id}", get(order))
        .route("/dashboard", get(dashboard))
        .route("/transfers", post(transfer))
        .with_state(state)
        .layer(from_fn_with_state(slots, in_turn))
}
