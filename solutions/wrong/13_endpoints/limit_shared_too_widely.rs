//! The semaphore is a `static`, and so belongs to every service in the process.

static SLOTS: Semaphore = Semaphore::const_new(AT_ONCE);

pub fn app(state: AppState) -> Router {
    Router::new()
        .route("/users/{id}", get(user))
        .route("/orders/{id}", get(order))
        .route("/dashboard", get(dashboard))
        .route("/transfers", post(transfer))
        .with_state(state)
        .layer(from_fn(in_turn))
        .layer(from_fn(in_time))
}

async fn in_turn(request: Request, next: Next) -> Response {
    let _slot = SLOTS.acquire().await.expect("nobody closes it");
    next.run(request).await
}
