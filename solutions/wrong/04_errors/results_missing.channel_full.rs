//! `try_send` drops what doesn't fit in the channel, and many calls may end at the same instant.

use tokio::sync::mpsc;

pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    let (sender, mut receiver) = mpsc::channel(32);
    for (index, path) in paths.iter().enumerate() {
        let (upstream, path, sender) = (upstream.clone(), (*path).to_owned(), sender.clone());
        tokio::spawn(async move {
            let result = upstream.get(&path).await;
            let result = result.map_err(|error| Failed { path, error });
            let _ = sender.try_send((index, result));
        });
    }
    drop(sender);
    let mut results = Vec::new();
    while let Some(numbered) = receiver.recv().await {
        results.push(numbered);
    }
    results.sort_by_key(|&(index, _)| index);
    results.into_iter().map(|(_, result)| result).collect()
}
