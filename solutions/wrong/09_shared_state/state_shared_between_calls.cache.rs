//! Keeps the pages in a `static`, which all caches share.

use std::sync::LazyLock;

static PAGES: LazyLock<Mutex<HashMap<String, Slot>>> = LazyLock::new(Mutex::default);

impl Cache {
    pub async fn get_or_fetch(&self, path: &str) -> Result<Arc<Page>, UpstreamError> {
        let slot = Arc::clone(PAGES.lock().unwrap().entry(path.to_owned()).or_default());
        let call = || async { self.upstream.get(path).await.map(Arc::new) };
        Ok(slot.get_or_try_init(call).await?.clone())
    }
}
