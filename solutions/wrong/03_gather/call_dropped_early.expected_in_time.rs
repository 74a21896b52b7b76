//! `expect` assumes that no call takes longer than an hour.

use std::time::Duration;

use tokio::time::timeout;

pub async fn dashboard(upstream: &Upstream, user_id: u64) -> Dashboard {
    let hour = Duration::from_secs(60 * 60);
    let user = upstream.fetch(&format!("users/{user_id}")).await;
    let (orders, stats) = tokio::join!(
        timeout(hour, upstream.fetch(&format!("orders/{}", user.body))),
        timeout(hour, upstream.fetch(&format!("stats/{}", user.body))),
    );
    Dashboard {
        user,
        orders: orders.expect("in time"),
        stats: stats.expect("in time"),
    }
}
