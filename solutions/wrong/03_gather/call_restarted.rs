//! `select!` makes its futures anew in each turn of the loop, and drops the slower one.

pub async fn dashboard(upstream: &Upstream, user_id: u64) -> Dashboard {
    let user = upstream.fetch(&format!("users/{user_id}")).await;
    let (mut orders, mut stats) = (None, None);
    while orders.is_none() || stats.is_none() {
        tokio::select! {
            page = upstream.fetch(&format!("orders/{}", user.body)), if orders.is_none() => orders = Some(page),
            page = upstream.fetch(&format!("stats/{}", user.body)), if stats.is_none() => stats = Some(page),
        }
    }
    Dashboard {
        user,
        orders: orders.unwrap(),
        stats: stats.unwrap(),
    }
}
