//! A layer for each route, each with a semaphore.

pub fn app(state: AppState) -> Router {
    let limited = || from_fn_with_state(Arc::new(Semaphore::new(AT_ONCE)), in_turn);
    Router::new()
        .route("/users/{id}", get(user).layer(limited()))
        .route("/orders/{id}", get(order).layer(limited()))
        .route("/dashboard", get(dashboard).layer(limited()))
        .route("/transfers", post(transfer).layer(limited()))
        .with_state(state)
        .layer(from_fn(in_time))
}
