//! Gives each worker its share at the start. One that finishes early has nothing left to do.

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let share = paths.len().div_ceil(limit.get()).max(1);
    let workers = paths.chunks(share).map(|share| async move {
        let mut pages = Vec::new();
        for path in share {
            pages.push(upstream.fetch(path).await);
        }
        pages
    });
    join_all(workers).await.concat()
}
