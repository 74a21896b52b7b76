//! Both are in one `ServiceBuilder`. Its timeout begins when the permit is there.

pub fn app(state: AppState) -> Router {
    Router::new()
        .route("/users/{id}", get(user))
        .route("/orders/{id}", get(order))
        .route("/dashboard", get(dashboard))
        .route("/transfers", post(transfer))
        .with_state(state)
        .layer(
            tower::ServiceBuilder::new()
                .layer(tower_http::timeout::TimeoutLayer::with_status_code(
                    StatusCode::GATEWAY_TIMEOUT,
                    PATIENCE,
                ))
                .layer(tower::limit::GlobalConcurrencyLimitLayer::new(AT_ONCE)),
        )
}
