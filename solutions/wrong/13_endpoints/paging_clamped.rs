//! Takes the nearest numbers that are allowed.

pub async fn dashboard(
    State(state): State<AppState>,
    user: CurrentUser,
    Query(paging): Query<Paging>,
) -> Result<Json<Dashboard>, ApiError> {
    let skip = paging.skip.max(0);
    let limit = paging.limit.clamp(1, 100);
    let (upstream, name) = (&state.upstream, user.name);
    let (user, orders, stats) = try_join!(
        upstream.get(&format!("users/{name}")),
        upstream.get(&format!("orders/{name}/{skip}/{limit}")),
        upstream.get(&format!("stats/{name}")),
    )?;
    Ok(Json(Dashboard {
        user: user.body,
        orders: orders.body,
        stats: stats.body,
    }))
}
