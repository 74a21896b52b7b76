//! `block_in_place` hands the other tasks to another thread, and a `current_thread` runtime has none.

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    tokio::task::block_in_place(|| upstream.fetch_blocking(path)).body
}
