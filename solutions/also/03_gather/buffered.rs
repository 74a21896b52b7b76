//! Also right: `buffered` with room for every call, which keeps the order by itself; tasks for the orders and the
//! stats; an ordered stream of join handles.

use std::sync::Arc;

use async_workbook::services::upstream::{Page, Upstream};
use futures::{StreamExt as _, stream};

/// `buffered` with room for nothing would never poll: hence at least one.
pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    stream::iter(paths)
        .map(|path| upstream.fetch(path))
        .buffered(paths.len().max(1))
        .collect()
        .await
}

#[derive(Debug, PartialEq)]
pub struct Dashboard {
    pub user: Page,
    pub orders: Page,
    pub stats: Page,
}

/// An upstream is cheap to clone, so that the orders can have a task of their own.
pub async fn dashboard(upstream: &Upstream, user_id: u64) -> Dashboard {
    let user = upstream.fetch(&format!("users/{user_id}")).await;
    let orders = tokio::spawn({
        let (upstream, path) = (upstream.clone(), format!("orders/{}", user.body));
        async move { upstream.fetch(&path).await }
    });
    let stats = upstream.fetch(&format!("stats/{}", user.body)).await;
    let orders = orders.await.expect("the orders are there");
    Dashboard {
        user,
        orders,
        stats,
    }
}

pub async fn fetch_all_parallel(upstream: Arc<Upstream>, paths: Vec<String>) -> Vec<Page> {
    let tasks: Vec<_> = paths
        .into_iter()
        .map(|path| {
            let upstream = Arc::clone(&upstream);
            tokio::spawn(async move { upstream.fetch(&path).await })
        })
        .collect();
    let room = tasks.len().max(1);
    stream::iter(tasks)
        .buffered(room)
        .map(|joined| joined.expect("every page is there"))
        .collect()
        .await
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_gather::grade!();
