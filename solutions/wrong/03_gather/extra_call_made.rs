//! Fetches the orders again, though they're there already.

pub async fn dashboard(upstream: &Upstream, user_id: u64) -> Dashboard {
    let user = upstream.fetch(&format!("users/{user_id}")).await;
    let orders = format!("orders/{}", user.body);
    let stats = format!("stats/{}", user.body);
    let (stats, orders, _) = tokio::join!(
        upstream.fetch(&stats),
        upstream.fetch(&orders),
        upstream.fetch(&orders)
    );
    Dashboard {
        user,
        orders,
        stats,
    }
}
