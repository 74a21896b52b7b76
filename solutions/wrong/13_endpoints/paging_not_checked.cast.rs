//! Checks the limit as a byte.

pub async fn dashboard(
    State(state): State<AppState>,
    user: CurrentUser,
    Query(paging): Query<Paging>,
) -> Result<Json<Dashboard>, ApiError> {
    if paging.skip < 0 || !(1..=100).contains(&(paging.limit as u8)) {
        return Err(ApiError::Invalid(
            "`skip` is 0 or more, `limit` is from 1 to 100".to_owned(),
        ));
    }
    let paths = [
        format!("users/{}", user.name),
        format!("orders/{}/{}/{}", user.name, paging.skip, paging.limit),
        format!("stats/{}", user.name),
    ];
    let (user, orders, stats) = try_join!(
        state.upstream.get(&paths[0]),
        state.upstream.get(&paths[1]),
        state.upstream.get(&paths[2]),
    )?;
    Ok(Json(Dashboard {
        user: user.body,
        orders: orders.body,
        stats: stats.body,
    }))
}
