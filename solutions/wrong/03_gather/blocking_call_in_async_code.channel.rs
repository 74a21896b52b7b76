//! A thread for each call: their pages come over channels, and their panics do not.

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
