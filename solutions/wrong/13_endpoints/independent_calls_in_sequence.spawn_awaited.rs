//! Each call has a task, which is awaited at once.

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
    let (upstream, name) = (state.upstream, user.name);
    let call = async |path: String| {
        let upstream = upstream.clone();
        let task = tokio::spawn(async move { upstream.get(&path).await });
        task.await
            .map_err(|error| ApiError::Internal(error.to_string()))?
            .map_err(ApiError::from)
    };
    let user = call(format!("users/{name}")).await?;
    let orders = call(format!("orders/{name}/{skip}/{limit}")).await?;
    let stats = call(format!("stats/{name}")).await?;
    Ok(Json(Dashboard {
        user: user.body,
        orders: orders.body,
        stats: stats.body,
    }))
}
