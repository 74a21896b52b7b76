//! Makes the futures first, which starts nothing.

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
    let user = upstream.get(&format!("users/{name}"));
    let orders = upstream.get(&format!("orders/{name}/{skip}/{limit}"));
    let stats = upstream.get(&format!("stats/{name}"));
    let (user, orders, stats) = (user.await?, orders.await?, stats.await?);
    Ok(Json(Dashboard {
        user: user.body,
        orders: orders.body,
        stats: stats.body,
    }))
}
