//! Lets ten requests in each second, however long they take.

pub fn app(state: AppState) -> Router {
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    Router::new()
        .route("/users/{id}", get(user))
        .route("/orders/{id}", get(order))
        .route("/dashboard", get(dashboard))
        .route("/transfers", post(transfer))
        .with_state(state)
        .layer(from_fn_with_state(slots, rate))
        .layer(from_fn(in_time))
}

async fn rate(State(slots): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    slots.acquire().await.expect("nobody closes it").forget();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(1)).await;
        slots.add_permits(1);
    });
    next.run(request).await
}
