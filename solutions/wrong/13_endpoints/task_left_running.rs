//! A task for each call: they go on without the handler.

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
    let call = |path: String| {
        let upstream = upstream.clone();
        tokio::spawn(async move { upstream.get(&path).await })
    };
    let (user, orders, stats) = (
        call(format!("users/{name}")),
        call(format!("orders/{name}/{skip}/{limit}")),
        call(format!("stats/{name}")),
    );
    let joined = async |task: tokio::task::JoinHandle<Result<Page, UpstreamError>>| match task.await
    {
        Ok(page) => Ok(page?),
        Err(error) => Err(ApiError::Internal(error.to_string())),
    };
    let (user, orders, stats) = try_join!(joined(user), joined(orders), joined(stats))?;
    Ok(Json(Dashboard {
        user: user.body,
        orders: orders.body,
        stats: stats.body,
    }))
}
