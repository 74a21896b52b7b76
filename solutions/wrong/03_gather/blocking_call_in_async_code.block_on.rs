//! `block_on` needs the thread on which the function already runs.

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    tokio::runtime::Handle::current().block_on(join_all(paths.iter().map(|p| upstream.fetch(p))))
}
