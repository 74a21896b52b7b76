//! One request at a time, behind a lock.

pub fn app(state: AppState) -> Router {
    Router::new()
        .route("/users/{id}", get(user))
        .route("/orders/{id}", get(order))
        .route("/dashboard", get(dashboard))
        .route("/transfers", post(transfer))
        .with_state(state)
        .layer(from_fn_with_state(Arc::default(), in_turn))
        .layer(from_fn(in_time))
}

async fn in_turn(
    State(turn): State<Arc<tokio::sync::Mutex<()>>>,
    request: Request,
    next: Next,
) -> Response {
    let _turn = turn.lock().await;
    next.run(request).await
}
