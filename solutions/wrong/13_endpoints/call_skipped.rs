//! Knows the user's name already, and doesn't ask for their page.

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
    let (orders, stats) = try_join!(
        upstream.get(&format!("orders/{name}/{skip}/{limit}")),
        upstream.get(&format!("stats/{name}")),
    )?;
    Ok(Json(Dashboard {
        user: name,
        orders: orders.body,
        stats: stats.body,
    }))
}
