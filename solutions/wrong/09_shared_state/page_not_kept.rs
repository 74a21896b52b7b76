//! Forgets the page when its call has ended: callers share a call, and the next one fetches again.

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
        let page = slot.get_or_try_init(call).await.cloned();
        self.pages.lock().unwrap().remove(path);
        page
    }
}
