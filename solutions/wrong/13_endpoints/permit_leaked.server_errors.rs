//! Keeps the place of a request that failed inside.

pub fn app(state: AppState) -> Router {
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    Router::new()
        .route("/users/{id}", get(user))
        .route("/orders/{id}", get(order))
        .route("/dashboard", get(dashboard))
        .route("/transfers", post(transfer))
        .with_state(state)
        .layer(from_fn_with_state(slots, kept))
        .layer(from_fn(in_time))
}

async fn kept(State(slots): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    let slot = slots.acquire().await.expect("nobody closes it");
    let response = next.run(request).await;
    if response.status().is_server_error() {
        slot.forget();
    }
    response
}
