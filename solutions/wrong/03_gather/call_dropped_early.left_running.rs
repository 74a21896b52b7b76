//! Spawns the calls and returns without them.

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    for path in paths {
        let (upstream, path) = (upstream.clone(), (*path).to_owned());
        tokio::spawn(async move { upstream.fetch(&path).await });
        tokio::task::yield_now().await;
    }
    // The last of them begins as well.
    tokio::task::yield_now().await;
    let empty = |path: &&str| Page {
        path: (*path).to_owned(),
        body: String::new(),
    };
    paths.iter().map(empty).collect()
}
