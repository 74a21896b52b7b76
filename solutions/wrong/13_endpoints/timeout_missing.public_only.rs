//! The time limit is there before half of the routes.

pub fn app(state: AppState) -> Router {
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    let in_turn = from_fn_with_state(slots, in_turn);
    let public = Router::new()
        .route("/users/{id}", get(user))
        .route("/orders/{id}", get(order))
        .layer(in_turn.clone())
        .layer(from_fn(in_time));
    let private = Router::new()
        .route("/dashboard", get(dashboard))
        .route("/transfers", post(transfer))
        .layer(in_turn);
    public.merge(private).with_state(state)
}
