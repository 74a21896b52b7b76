//! `expect` turns a failure that was to be expected into a panic.

use tokio::task::JoinSet;

pub async fn first_ok(upstream: &Upstream, paths: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    let mut tasks = JoinSet::new();
    for path in paths {
        let (upstream, path) = (upstream.clone(), (*path).to_owned());
        tasks.spawn(async move { upstream.get(&path).await.expect("the page is there") });
    }
    match tasks.join_next().await {
        Some(page) => Ok(page.unwrap()),
        None => Err(Vec::new()),
    }
}
