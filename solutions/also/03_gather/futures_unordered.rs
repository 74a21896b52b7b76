//! Also right: `FuturesUnordered`, with an index beside each page; `futures::join!`; join handles in the
//! order of the paths.

use std::sync::Arc;

use async_workbook::services::upstream::{Page, Upstream};
use futures::{StreamExt as _, stream::FuturesUnordered};

/// Made for many futures: it polls only those that were woken, and yields each page as it comes.
pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    let calls: FuturesUnordered<_> = paths
        .iter()
        .enumerate()
        .map(|(index, path)| async move { (index, upstream.fetch(path).await) })
        .collect();
    let mut pages: Vec<_> = calls.collect().await;
    pages.sort_unstable_by_key(|&(index, _)| index);
    pages.into_iter().map(|(_, page)| page).collect()
}

#[derive(Debug, PartialEq)]
pub struct Dashboard {
    pub user: Page,
    pub orders: Page,
    pub stats: Page,
}

pub async fn dashboard(upstream: &Upstream, user_id: u64) -> Dashboard {
    let user = upstream.fetch(&format!("users/{user_id}")).await;
    let orders = async { upstream.fetch(&format!("orders/{}", user.body)).await };
    let stats = async { upstream.fetch(&format!("stats/{}", user.body)).await };
    let (orders, stats) = futures::join!(orders, stats);
    Dashboard {
        user,
        orders,
        stats,
    }
}

/// The handles keep the order of the paths; all tasks run before the first handle is awaited.
pub async fn fetch_all_parallel(upstream: Arc<Upstream>, paths: Vec<String>) -> Vec<Page> {
    let tasks: Vec<_> = paths
        .into_iter()
        .map(|path| {
            let upstream = Arc::clone(&upstream);
            tokio::spawn(async move { upstream.fetch(&path).await })
        })
        .collect();
    let mut pages = Vec::with_capacity(tasks.len());
    for task in tasks {
        match task.await {
            Ok(page) => pages.push(page),
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
    pages
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_gather::grade!();
