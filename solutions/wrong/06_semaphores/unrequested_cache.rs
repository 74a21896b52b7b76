//! A `static` remembers every page, and returns it even if the same path is asked of another upstream.

use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex},
};

static PAGES: LazyLock<Mutex<HashMap<String, Page>>> = LazyLock::new(Mutex::default);

pub async fn fetch_many(upstream: &Upstream, paths: &[&str], limit: NonZeroUsize) -> Vec<Page> {
    let semaphore = &Semaphore::new(limit.get());
    let calls = paths.iter().map(|path| async move {
        let known = PAGES
            .lock()
            .expect("nobody panics under this lock")
            .get(*path)
            .cloned();
        if let Some(page) = known {
            return page;
        }
        let _permit = semaphore.acquire().await.expect("it is never closed");
        let page = upstream.fetch(path).await;
        let mut pages = PAGES.lock().expect("nobody panics under this lock");
        pages.insert(path.to_string(), page.clone());
        page
    });
    join_all(calls).await
}
