//! Refuses when more than twenty wait.

pub fn app(state: AppState) -> Router {
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    let waiting = Arc::new(Semaphore::new(3 * AT_ONCE));
    Router::new()
        .route("/users/{id}", get(user))
        .route("/orders/{id}", get(order))
        .route("/dashboard", get(dashboard))
        .route("/transfers", post(transfer))
        .with_state(state)
        .layer(from_fn_with_state(slots, in_turn))
        .layer(from_fn_with_state(waiting, bounded))
        .layer(from_fn(in_time))
}

async fn bounded(State(waiting): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    let Ok(_place) = waiting.try_acquire() else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    next.run(request).await
}
