//! Stores the first page that anybody asks for in a cell, and gives it to everybody else.

use tokio::sync::OnceCell;

static PAGE: OnceCell<String> = OnceCell::const_new();

pub fn prepare(upstream: &Upstream, path: &str) -> impl Future<Output = String> {
    async move {
        let body = PAGE.get_or_init(async || fetch_one(upstream, path).await);
        body.await.clone()
    }
}
