//! The calls overlap, but each of the two joined futures fetches the user for itself.

pub async fn dashboard(upstream: &Upstream, user_id: u64) -> Dashboard {
    let user_path = format!("users/{user_id}");
    let with_orders = async {
        let user = upstream.fetch(&user_path).await;
        let orders = upstream.fetch(&format!("orders/{}", user.body)).await;
        (user, orders)
    };
    let stats = async {
        let user = upstream.fetch(&user_path).await;
        upstream.fetch(&format!("stats/{}", user.body)).await
    };
    let ((user, orders), stats) = tokio::join!(with_orders, stats);
    Dashboard {
        user,
        orders,
        stats,
    }
}
