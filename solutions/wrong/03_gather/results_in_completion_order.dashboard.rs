//! Expects the orders first, since it asked for them first. The stats are faster.

use futures::{StreamExt as _, stream::FuturesUnordered};

pub async fn dashboard(upstream: &Upstream, user_id: u64) -> Dashboard {
    let user = upstream.fetch(&format!("users/{user_id}")).await;
    let paths = [
        format!("orders/{}", user.body),
        format!("stats/{}", user.body),
    ];
    let mut calls: FuturesUnordered<_> = paths.iter().map(|path| upstream.fetch(path)).collect();
    let orders = calls.next().await.expect("there are two calls");
    let stats = calls.next().await.expect("there are two calls");
    Dashboard {
        user,
        orders,
        stats,
    }
}
