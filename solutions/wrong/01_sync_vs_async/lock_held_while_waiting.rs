//! Holds a lock across the `.await`, to be safe. All callers together make one call at a time.

use tokio::sync::Mutex;

static CALLING: Mutex<()> = Mutex::const_new(());

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    let _guard = CALLING.lock().await;
    upstream.fetch(path).await.body
}
