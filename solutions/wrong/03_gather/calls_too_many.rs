//! Wrong: asks for the orders once more, when they are there already.

use std::sync::Arc;

use async_workbook::services::upstream::{Page, Upstream};

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
    let orders = format!("orders/{}", user.body);
    let stats = format!("stats/{}", user.body);
    let (stats, orders, _) = tokio::join!(
        upstream.fetch(&stats),
        upstream.fetch(&orders),
        upstream.fetch(&orders)
    );
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
