//! Wrong: expects the first page to be the orders, since it asked for them first. The stats are faster.

use std::sync::Arc;

use async_workbook::services::upstream::{Page, Upstream};
use futures::{StreamExt as _, stream::FuturesUnordered};

pub async fn fetch_all(_: &Upstream, _: &[&str]) -> Vec<Page> {
    todo!("another task")
}

#[derive(Debug, PartialEq)]
pub struct Dashboard {
    pub user: Page,
    pub orders: Page,
    pub stats: Page,
}

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

pub async fn fetch_all_parallel(_: Arc<Upstream>, _: Vec<String>) -> Vec<Page> {
    todo!("another task")
}

#[cfg(test)]
#[path = "../../../exercises/hidden/03_gather.rs"]
mod hidden;
