//! A dashboard takes three places, since it makes three calls.

pub fn app(state: AppState) -> Router {
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    Router::new()
        .route("/users/{id}", get(user))
        .route("/orders/{id}", get(order))
        .route("/dashboard", get(dashboard))
        .route("/transfers", post(transfer))
        .with_state(state)
        .layer(from_fn_with_state(slots, weighted))
        .layer(from_fn(in_time))
}

async fn weighted(State(slots): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    let weight = if request.uri().path() == "/dashboard" {
        3
    } else {
        1
    };
    let _slots = slots.acquire_many(weight).await.expect("nobody closes it");
    next.run(request).await
}
