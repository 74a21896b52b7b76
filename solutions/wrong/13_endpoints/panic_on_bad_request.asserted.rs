//! A client's numbers are asserted.

pub async fn dashboard(
    State(state): State<AppState>,
    user: CurrentUser,
    Query(paging): Query<Paging>,
) -> Result<Json<Dashboard>, ApiError> {
    let Paging { skip, limit } = paging;
    assert!(skip >= 0 && (1..=100).contains(&limit), "wrong paging");
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
