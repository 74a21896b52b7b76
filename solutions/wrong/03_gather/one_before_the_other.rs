//! Wrong: after the user, nothing needs to wait for anything; here the stats wait for the orders.

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
    let orders = upstream.fetch(&format!("orders/{}", user.body)).await;
    let stats = upstream.fetch(&format!("stats/{}", user.body)).await;
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
