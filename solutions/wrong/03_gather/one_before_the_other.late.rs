//! Wrong: gives the orders a head start, which costs nothing only as long as they are the slower.

use std::{sync::Arc, time::Duration};

use async_workbook::services::upstream::{Page, Upstream};
use tokio::time::sleep;

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
    let orders = upstream.fetch(&format!("orders/{}", user.body));
    let stats = async {
        sleep(Duration::from_millis(100)).await;
        upstream.fetch(&format!("stats/{}", user.body)).await
    };
    let (orders, stats) = tokio::join!(orders, stats);
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
