//! Calls again until a call succeeds.

impl Cache {
    pub async fn get_or_fetch(&self, path: &str) -> Result<Arc<Page>, UpstreamError> {
        let slot = Arc::clone(
            self.pages
                .lock()
                .unwrap()
                .entry(path.to_owned())
                .or_default(),
        );
        loop {
            let call = || async { self.upstream.get(path).await.map(Arc::new) };
            if let Ok(page) = slot.get_or_try_init(call).await {
                return Ok(page.clone());
            }
        }
    }
}
