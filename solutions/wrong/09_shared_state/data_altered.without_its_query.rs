//! One page for all queries of a path.

impl Cache {
    pub async fn get_or_fetch(&self, path: &str) -> Result<Arc<Page>, UpstreamError> {
        let slot = {
            let key = path.split('?').next().unwrap_or(path);
            let mut pages = self.pages.lock().expect("nobody panics with the lock");
            Arc::clone(pages.entry(key.to_owned()).or_default())
        };
        let page = slot
            .get_or_try_init(|| async { self.upstream.get(path).await.map(Arc::new) })
            .await?;
        Ok(Arc::clone(page))
    }
}
