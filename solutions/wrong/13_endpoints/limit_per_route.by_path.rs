//! Counts the requests of each path.

type Slots = Arc<std::sync::Mutex<std::collections::HashMap<String, Arc<Semaphore>>>>;

pub fn app(state: AppState) -> Router {
    let slots: Slots = Arc::default();
    Router::new()
        .route("/users/{id}", get(user))
        .route("/orders/{id}", get(order))
        .route("/dashboard", get(dashboard))
        .route("/transfers", post(transfer))
        .with_state(state)
        .layer(from_fn_with_state(slots, in_turn))
        .layer(from_fn(in_time))
}

async fn in_turn(State(slots): State<Slots>, request: Request, next: Next) -> Response {
    let kind = request
        .uri()
        .path()
        .split('/')
        .nth(1)
        .unwrap_or_default()
        .to_owned();
    let slots = {
        let mut slots = slots.lock().expect("nothing panics under this lock");
        slots
            .entry(kind)
            .or_insert_with(|| Arc::new(Semaphore::new(AT_ONCE)))
            .clone()
    };
    let _slot = slots.acquire().await.expect("nobody closes it");
    next.run(request).await
}
