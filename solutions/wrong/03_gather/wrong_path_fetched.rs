//! Uses the user's id instead of the name.

pub async fn dashboard(upstream: &Upstream, user_id: u64) -> Dashboard {
    let user = upstream.fetch(&format!("users/{user_id}")).await;
    let (orders, stats) = tokio::join!(
        upstream.fetch(&format!("orders/{user_id}")),
        upstream.fetch(&format!("stats/{user_id}")),
    );
    Dashboard {
        user,
        orders,
        stats,
    }
}
