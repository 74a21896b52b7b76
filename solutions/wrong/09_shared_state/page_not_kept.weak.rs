//! Keeps only weak references, so a page goes with its last caller.

use std::sync::Weak;

pub struct Cache {
    upstream: Upstream,
    pages: Mutex<HashMap<String, Weak<OnceCell<Arc<Page>>>>>,
}

impl Cache {
    pub fn new(upstream: Upstream) -> Self {
        Self {
            upstream,
            pages: Mutex::default(),
        }
    }

    pub async fn get_or_fetch(&self, path: &str) -> Result<Arc<Page>, UpstreamError> {
        let slot = {
            let mut pages = self.pages.lock().unwrap();
            let known = pages.get(path).and_then(Weak::upgrade);
            let slot: Arc<OnceCell<Arc<Page>>> = known.unwrap_or_default();
            pages.insert(path.to_owned(), Arc::downgrade(&slot));
            slot
        };
        let call = || async { self.upstream.get(path).await.map(Arc::new) };
        Ok(slot.get_or_try_init(call).await?.clone())
    }
}
