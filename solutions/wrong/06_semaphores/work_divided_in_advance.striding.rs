//! Deals the paths out like cards. A worker with long calls falls behind, and nobody helps.

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let workers = limit.get().min(paths.len());
    let shares = (0..workers).map(|worker| async move {
        let mut pages = Vec::new();
        for (index, path) in paths.iter().enumerate().skip(worker).step_by(workers) {
            pages.push((index, upstream.fetch(path).await));
        }
        pages
    });
    let mut pages = join_all(shares).await.concat();
    pages.sort_unstable_by_key(|&(index, _)| index);
    pages.into_iter().map(|(_, page)| page).collect()
}
