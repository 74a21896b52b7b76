//! Looks at the query before the token: whoever has none learns what is wrong with it.

use axum::extract::rejection::QueryRejection;

pub fn app(state: AppState) -> Router {
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    Router::new()
        .route("/users/{id}", get(user))
        .route("/orders/{id}", get(order))
        .route("/dashboard", get(paged))
        .route("/transfers", post(transfer))
        .with_state(state)
        .layer(from_fn_with_state(slots, in_turn))
        .layer(from_fn(in_time))
}

async fn paged(
    state: State<AppState>,
    paging: Result<Query<Paging>, QueryRejection>,
    user: Result<CurrentUser, ApiError>,
) -> Result<Json<Dashboard>, ApiError> {
    let paging = paging.map_err(|error| ApiError::Invalid(error.to_string()))?;
    if !(1..=100).contains(&paging.limit) {
        return Err(ApiError::Invalid("`limit` is from 1 to 100".into()));
    }
    dashboard(state, user?, paging).await
}
