//! A thread with a runtime of its own for each permit. Meanwhile, the runtime that waits for them can't do anything
//! else.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use tokio::runtime::Builder;

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build();
        let runtime = runtime.expect("there are file descriptors left");
        let mut pages = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(path) = paths.get(index) else {
                return pages;
            };
            pages.push((index, runtime.block_on(upstream.fetch(path))));
        }
    };
    let mut pages: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = (0..limit.get().min(paths.len()))
            .map(|_| scope.spawn(worker))
            .collect();
        let pages = workers
            .into_iter()
            .map(|worker| worker.join().expect("no worker panics"));
        pages.flatten().collect()
    });
    pages.sort_unstable_by_key(|&(index, _)| index);
    pages.into_iter().map(|(_, page)| page).collect()
}
