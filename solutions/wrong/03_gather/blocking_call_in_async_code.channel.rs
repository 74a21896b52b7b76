//! A thread for each call. Pages come back over channels, and panics don't.

use std::thread;
use tokio::sync::oneshot;

pub async fn fetch_all_parallel(upstream: Arc<Upstream>, paths: Vec<String>) -> Vec<Page> {
    let answers: Vec<_> = paths
        .into_iter()
        .map(|path| {
            let upstream = Arc::clone(&upstream);
            let (s, r) = oneshot::channel();
            thread::spawn(move || {
                s.send(
                    tokio::runtime::Builder::new_current_thread()
                        .enable_all()
                        .build()
                        .unwrap()
                        .block_on(upstream.fetch(&path)),
                )
            });
            r
        })
        .collect();
    let mut pages = Vec::new();
    for a in answers {
        pages.push(a.await.unwrap());
    }
    pages
}
