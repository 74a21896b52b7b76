//! Gives the place back after a response, a time-out and a hang-up, and not after a panic.

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

struct Slot(Arc<Semaphore>);

impl Drop for Slot {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.0.add_permits(1);
        }
    }
}

async fn kept(State(slots): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    slots.acquire().await.expect("nobody closes it").forget();
    let _slot = Slot(slots);
    next.run(request).await
}
