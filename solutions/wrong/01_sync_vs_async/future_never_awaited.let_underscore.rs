//! Wrong: `let _ =` drops each future unpolled, and the compiler no longer warns that it is unused.

use async_workbook::services::upstream::Upstream;

pub async fn fetch_one(_: &Upstream, _: &str) -> String {
    todo!("another task")
}

pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    let mut bodies = Vec::new();
    for path in paths {
        let _ = upstream.fetch(path);
        bodies.push(String::new());
    }
    bodies
}

pub fn prepare(_: &Upstream, _: &str) -> impl Future<Output = String> {
    async { todo!("another task") }
}

#[cfg(test)]
#[path = "../../../exercises/hidden/01_sync_vs_async.rs"]
mod hidden;
