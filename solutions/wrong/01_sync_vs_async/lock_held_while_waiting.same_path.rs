//! A lock for each path. Two callers who want the same page wait for each other.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex},
};

type Locks = HashMap<String, Arc<tokio::sync::Mutex<()>>>;

static LOCKS: LazyLock<Mutex<Locks>> = LazyLock::new(Mutex::default);

pub fn prepare(upstream: &Upstream, path: &str) -> impl Future<Output = String> {
    let mut locks = LOCKS.lock().expect("nobody panics");
    let lock = Arc::clone(locks.entry(path.to_owned()).or_default());
    async move {
        let _guard = lock.lock().await;
        upstream.fetch(path).await.body
    }
}
