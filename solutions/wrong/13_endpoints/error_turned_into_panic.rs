//! `fetch` panics where `get` returns an error.

pub async fn dashboard(
    State(state): State<AppState>,
    user: CurrentUser,
    Query(paging): Query<Paging>,
) -> Result<Json<Dashboard>, ApiError> {
    let Paging { skip, limit } = paging;
    if skip < 0 || !(1..=100).contains(&limit) {
        let reason = "`skip` is 0 or more, and `limit` is from 1 to 100";
        return Err(ApiError::Invalid(reason.into()));
    }
    let (upstream, name) = (&state.upstream, user.name);
    let (user, orders, stats) = tokio::join!(
        upstream.fetch(&format!("users/{name}")),
        upstream.fetch(&format!("orders/{name}/{skip}/{limit}")),
        upstream.fetch(&format!("stats/{name}")),
    );
    Ok(Json(Dashboard {
        user: user.body,
        orders: orders.body,
        stats: stats.body,
    }))
}
