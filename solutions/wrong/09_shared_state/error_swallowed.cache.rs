//! An empty page stands in for one whose call failed, and isn't kept.

impl Cache {
    pub async fn get_or_fetch(&self, path: &str) -> Result<Arc<Page>, UpstreamError> {
        let slot = Arc::clone(
            self.pages
                .lock()
                .unwrap()
                .entry(path.to_owned())
                .or_default(),
        );
        let call = || async { self.upstream.get(path).await.map(Arc::new) };
        let empty = || Page {
            path: path.to_owned(),
            body: String::new(),
        };
        Ok(slot
            .get_or_try_init(call)
            .await
            .cloned()
            .unwrap_or_else(|_| Arc::new(empty())))
    }
}
