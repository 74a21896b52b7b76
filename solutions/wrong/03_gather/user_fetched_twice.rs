//! Wrong: overlaps, but each of the two joined futures fetches the user for itself.

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
    let user_path = format!("users/{user_id}");
    let with_orders = async {
        let user = upstream.fetch(&user_path).await;
        let orders = upstream.fetch(&format!("orders/{}", user.body)).await;
        (user, orders)
    };
    let stats = async {
        let user = upstream.fetch(&user_path).await;
        upstream.fetch(&format!("stats/{}", user.body)).await
    };
    let ((user, orders), stats) = tokio::join!(with_orders, stats);
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
