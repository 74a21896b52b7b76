//! `ConcurrencyLimitLayer` makes a semaphore for each route.

pub fn app(state: AppState) -> Router {
    Router::new()
        .route("/users/{id}", get(user))
        .route("/orders/{id}", get(order))
        .route("/dashboard", get(dashboard))
        .route("/transfers", post(transfer))
        .with_state(state)
        .layer(tower::limit::ConcurrencyLimitLayer::new(AT_ONCE))
        .layer(from_fn(in_time))
}
