//! A copied line wasn't changed, so the orders are in the place of the stats.

pub async fn dashboard(upstream: &Upstream, user_id: u64) -> Dashboard {
    let user = upstream.fetch(&format!("users/{user_id}")).await;
    let orders = format!("orders/{}", user.body);
    let stats = format!("orders/{}", user.body);
    let (orders, stats) = tokio::join!(upstream.fetch(&orders), upstream.fetch(&stats));
    Dashboard {
        user,
        orders,
        stats,
    }
}
