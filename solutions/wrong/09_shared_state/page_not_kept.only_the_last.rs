//! Keeps one page: the last that was fetched.

impl Cache {
    pub async fn get_or_fetch(&self, path: &str) -> Result<Arc<Page>, UpstreamError> {
        let slot = {
            let mut pages = self.pages.lock().unwrap();
            if !pages.contains_key(path) {
                pages.clear();
            }
            Arc::clone(pages.entry(path.to_owned()).or_default())
        };
        let call = || async { self.upstream.get(path).await.map(Arc::new) };
        Ok(slot.get_or_try_init(call).await?.clone())
    }
}
