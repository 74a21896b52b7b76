//! Asks every 10 ms whether there is a place.

pub fn app(state: AppState) -> Router {
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    Router::new()
        .route("/users/{id}", get(user))
        .route("/orders/{id}", get(order))
        .route("/dashboard", get(dashboard))
        .route("/transfers", post(transfer))
        .with_state(state)
        .layer(from_fn_with_state(slots, asks))
        .layer(from_fn(in_time))
}

async fn asks(State(slots): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    let _slot = loop {
        match slots.try_acquire() {
            Ok(slot) => break slot,
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    };
    next.run(request).await
}
