//! Asks for the user while the numbers are still unchecked.

pub async fn dashboard(
    State(state): State<AppState>,
    user: CurrentUser,
    Query(paging): Query<Paging>,
) -> Result<Json<Dashboard>, ApiError> {
    let (upstream, name) = (&state.upstream, user.name);
    let user = upstream.get(&format!("users/{name}"));
    let stats = upstream.get(&format!("stats/{name}"));
    let both = async { try_join!(user, stats) };
    let Paging { skip, limit } = paging;
    let orders = async {
        if skip < 0 || !(1..=100).contains(&limit) {
            let reason = "`skip` is 0 or more, and `limit` is from 1 to 100";
            return Err(ApiError::Invalid(reason.into()));
        }
        Ok(upstream
            .get(&format!("orders/{name}/{skip}/{limit}"))
            .await?)
    };
    let both = async { Ok(both.await?) };
    let ((user, stats), orders) = try_join!(both, orders)?;
    Ok(Json(Dashboard {
        user: user.body,
        orders: orders.body,
        stats: stats.body,
    }))
}
