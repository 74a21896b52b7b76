//! `let _` drops the permit at once.

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

async fn in_turn(State(slots): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    let _ = slots.acquire().await.expect("nobody closes it");
    next.run(request).await
}
