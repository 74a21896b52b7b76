//! Gives the orders a head start. That costs nothing only as long as they're slower.

use std::time::Duration;

use tokio::time::sleep;

pub async fn dashboard(upstream: &Upstream, user_id: u64) -> Dashboard {
    let user = upstream.fetch(&format!("users/{user_id}")).await;
    let orders = upstream.fetch(&format!("orders/{}", user.body));
    let stats = async {
        sleep(Duration::from_millis(100)).await;
        upstream.fetch(&format!("stats/{}", user.body)).await
    };
    let (orders, stats) = tokio::join!(orders, stats);
    Dashboard {
        user,
        orders,
        stats,
    }
}
