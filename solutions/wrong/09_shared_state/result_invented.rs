//! Turns away callers that would have to wait, with an error of its own.

impl Cache {
    pub async fn get_or_fetch(&self, path: &str) -> Result<Arc<Page>, UpstreamError> {
        let slot = {
            let mut pages = self.pages.lock().unwrap();
            let entry = pages.entry(path.to_owned()).or_default();
            if Arc::strong_count(entry) > 1 && !entry.initialized() {
                let (path, status) = (path.to_owned(), 503);
                return Err(UpstreamError::Status { path, status });
            }
            Arc::clone(entry)
        };
        let page = slot
            .get_or_try_init(|| async { self.upstream.get(path).await.map(Arc::new) })
            .await?;
        Ok(Arc::clone(page))
    }
}
