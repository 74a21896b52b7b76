//! Also right: a slot for each page, which each call fills as it ends; `try_join!`; a channel that tasks send to.

use std::sync::Arc;

use async_workbook::services::upstream::{Page, Upstream};
use futures::future;
use tokio::{sync::mpsc, task::JoinSet};

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    let mut slots: Vec<Option<Page>> = vec![None; paths.len()];
    let fill = std::iter::zip(&mut slots, paths)
        .map(|(slot, path)| async move { *slot = Some(upstream.fetch(path).await) });
    future::join_all(fill).await;
    slots.into_iter().flatten().collect()
}

#[derive(Debug, PartialEq)]
pub struct Dashboard {
    pub user: Page,
    pub orders: Page,
    pub stats: Page,
}

pub async fn dashboard(upstream: &Upstream, user_id: u64) -> Dashboard {
    let user = upstream.fetch(&format!("users/{user_id}")).await;
    let (orders, stats) = (
        format!("orders/{}", user.body),
        format!("stats/{}", user.body),
    );
    let both = tokio::try_join!(upstream.get(&orders), upstream.get(&stats));
    let (orders, stats) = both.expect("both pages are there");
    Dashboard {
        user,
        orders,
        stats,
    }
}

/// The receiver sees the end once every task has dropped its sender; the set is then asked how they
/// ended, so that no panic is lost.
pub async fn fetch_all_parallel(upstream: Arc<Upstream>, paths: Vec<String>) -> Vec<Page> {
    let mut slots: Vec<Option<Page>> = vec![None; paths.len()];
    let (sender, mut receiver) = mpsc::channel(1);
    let mut tasks = JoinSet::new();
    for (index, path) in paths.into_iter().enumerate() {
        let (upstream, sender) = (Arc::clone(&upstream), sender.clone());
        tasks.spawn(async move {
            let page = upstream.fetch(&path).await;
            sender
                .send((index, page))
                .await
                .expect("the receiver waits for all");
        });
    }
    drop(sender);
    while let Some((index, page)) = receiver.recv().await {
        slots[index] = Some(page);
    }
    while let Some(joined) = tasks.join_next().await {
        joined.expect("no task panicked");
    }
    slots.into_iter().flatten().collect()
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_gather::grade!();
