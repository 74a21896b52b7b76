//! Once the user is there, nothing needs to wait for anything else. Here the stats wait for the orders.

pub async fn dashboard(upstream: &Upstream, user_id: u64) -> Dashboard {
    let user = upstream.fetch(&format!("users/{user_id}")).await;
    let orders = upstream.fetch(&format!("orders/{}", user.body)).await;
    let stats = upstream.fetch(&format!("stats/{}", user.body)).await;
    Dashboard {
        user,
        orders,
        stats,
    }
}
