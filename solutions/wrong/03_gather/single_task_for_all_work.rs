//! `join_all` overlaps the calls, but polls all of them on one task, and so on one thread.

pub async fn fetch_all_parallel(upstream: Arc<Upstream>, paths: Vec<String>) -> Vec<Page> {
    join_all(paths.iter().map(|path| upstream.fetch(path))).await
}
