//! A page that isn't there will never be there, it says: a 404 is kept.

pub struct Cache {
    upstream: Upstream,
    pages: Mutex<HashMap<String, Slot>>,
    missing: Mutex<HashMap<String, UpstreamError>>,
}

impl Cache {
    pub fn new(upstream: Upstream) -> Self {
        Self {
            upstream,
            pages: Mutex::default(),
            missing: Mutex::default(),
        }
    }

    pub async fn get_or_fetch(&self, path: &str) -> Result<Arc<Page>, UpstreamError> {
        if let Some(error) = self.missing.lock().unwrap().get(path) {
            return Err(error.clone());
        }
        let slot = self
            .pages
            .lock()
            .unwrap()
            .entry(path.to_owned())
            .or_default()
            .clone();
        let fetched = slot
            .get_or_try_init(|| async { self.upstream.get(path).await.map(Arc::new) })
            .await;
        if let Err(error @ UpstreamError::Status { status: 404, .. }) = &fetched {
            let mut missing = self.missing.lock().unwrap();
            missing.insert(path.to_owned(), error.clone());
        }
        fetched.cloned()
    }
}
