//! When the call fails, everybody who waited for it makes a call at once.

use tokio::sync::watch;

pub struct Cache {
    upstream: Upstream,
    pages: Mutex<HashMap<String, Arc<Page>>>,
    calls: Mutex<HashMap<String, watch::Receiver<()>>>,
}

impl Cache {
    pub fn new(upstream: Upstream) -> Self {
        Self {
            upstream,
            pages: Mutex::default(),
            calls: Mutex::default(),
        }
    }

    fn known(&self, path: &str) -> Option<Arc<Page>> {
        self.pages.lock().unwrap().get(path).cloned()
    }

    pub async fn get_or_fetch(&self, path: &str) -> Result<Arc<Page>, UpstreamError> {
        if let Some(page) = self.known(path) {
            return Ok(page);
        }
        let call = self.calls.lock().unwrap().get(path).cloned();
        if let Some(mut call) = call.filter(|call| call.has_changed().is_ok()) {
            let _closed = call.changed().await;
            if let Some(page) = self.known(path) {
                return Ok(page);
            }
        }
        let (_calling, call) = watch::channel(());
        self.calls.lock().unwrap().insert(path.to_owned(), call);
        let page = Arc::new(self.upstream.get(path).await?);
        self.pages
            .lock()
            .unwrap()
            .insert(path.to_owned(), page.clone());
        Ok(page)
    }
}
