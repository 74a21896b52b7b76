//! `pop` takes the last path first, so the first path waits longest.

use std::sync::Mutex;

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let left = Mutex::new(paths.iter().enumerate().collect::<Vec<_>>());
    let next = || left.lock().expect("nobody panics under this lock").pop();
    let workers = (0..limit.get().min(paths.len())).map(|_| async {
        let mut pages = Vec::new();
        while let Some((index, path)) = next() {
            pages.push((index, upstream.fetch(path).await));
        }
        pages
    });
    let mut pages = join_all(workers).await.concat();
    pages.sort_unstable_by_key(|&(index, _)| index);
    pages.into_iter().map(|(_, page)| page).collect()
}
