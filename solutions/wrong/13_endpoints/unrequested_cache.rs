//! Keeps each dashboard, and shows it again.

pub async fn dashboard(
    State(state): State<AppState>,
    user: CurrentUser,
    Query(paging): Query<Paging>,
) -> Result<Json<Dashboard>, ApiError> {
    type Pages = std::sync::Mutex<std::collections::HashMap<(String, i64, i64), [String; 3]>>;
    static KEPT: std::sync::LazyLock<Pages> = std::sync::LazyLock::new(Pages::default);
    let Paging { skip, limit } = paging;
    if skip < 0 || !(1..=100).contains(&limit) {
        let reason = "`skip` is 0 or more, and `limit` is from 1 to 100";
        return Err(ApiError::Invalid(reason.into()));
    }
    let key = (user.name.clone(), skip, limit);
    let kept = KEPT.lock().unwrap().get(&key).cloned();
    if let Some([user, orders, stats]) = kept {
        return Ok(Json(Dashboard {
            user,
            orders,
            stats,
        }));
    }
    let (upstream, name) = (&state.upstream, user.name);
    let (user, orders, stats) = try_join!(
        upstream.get(&format!("users/{name}")),
        upstream.get(&format!("orders/{name}/{skip}/{limit}")),
        upstream.get(&format!("stats/{name}")),
    )?;
    let pages = [user.body.clone(), orders.body.clone(), stats.body.clone()];
    KEPT.lock().unwrap().insert(key, pages);
    Ok(Json(Dashboard {
        user: user.body,
        orders: orders.body,
        stats: stats.body,
    }))
}
