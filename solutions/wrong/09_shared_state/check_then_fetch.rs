//! Looks, finds nothing, and fetches: so does everybody else who looks in the meantime.

pub struct Cache {
    upstream: Upstream,
    pages: Mutex<HashMap<String, Arc<Page>>>,
}

impl Cache {
    pub async fn get_or_fetch(&self, path: &str) -> Result<Arc<Page>, UpstreamError> {
        if let Some(page) = self.pages.lock().unwrap().get(path) {
            return Ok(page.clone());
        }
        let page = Arc::new(self.upstream.get(path).await?);
        self.pages
            .lock()
            .unwrap()
            .insert(path.to_owned(), page.clone());
        Ok(page)
    }

    pub fn new(upstream: Upstream) -> Self {
        Self {
            upstream,
            pages: Mutex::default(),
        }
    }
}
