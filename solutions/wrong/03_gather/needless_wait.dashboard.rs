//! Sleeps before it shows the page, for no reason.

use std::time::Duration;

pub async fn dashboard(upstream: &Upstream, user_id: u64) -> Dashboard {
    let user = upstream.fetch(&format!("users/{user_id}")).await;
    let orders = format!("orders/{}", user.body);
    let stats = format!("stats/{}", user.body);
    let (orders, stats) = tokio::join!(upstream.fetch(&orders), upstream.fetch(&stats));
    tokio::time::sleep(Duration::from_millis(100)).await;
    Dashboard {
        user,
        orders,
        stats,
    }
}
