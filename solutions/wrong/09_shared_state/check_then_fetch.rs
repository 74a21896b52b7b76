//! Looks, finds nothing, and fetches: so does everybody else who looks in the meantime.

type Slot = Arc<Page>;

impl Cache {
    pub async fn get_or_fetch(&self, path: &str) -> Result<Arc<Page>, UpstreamError> {
        if let Some(page) = self.pages.lock().unwrap().get(path) {
            return Ok(page.clone());
        }
        let page = Arc::new(self.upstream.get(path).await?);
        let kept = page.clone();
        self.pages.lock().unwrap().insert(path.to_owned(), kept);
        Ok(page)
    }
}
