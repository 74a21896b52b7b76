//! Starts a second runtime inside the first, to wait for the future on the same thread.

use tokio::runtime::Runtime;

pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    let runtime = Runtime::new().expect("a runtime can be made");
    let fetch = |path: &&str| runtime.block_on(upstream.fetch(path)).body;
    paths.iter().map(fetch).collect()
}
