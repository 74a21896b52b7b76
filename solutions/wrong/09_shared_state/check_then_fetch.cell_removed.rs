//! Takes the cell out of the map when its call has failed: some wait in the old one, and later callers in a new one.

impl Cache {
    pub async fn get_or_fetch(&self, path: &str) -> Result<Arc<Page>, UpstreamError> {
        let slot = {
            let mut pages = self.pages.lock().unwrap();
            Arc::clone(pages.entry(path.to_owned()).or_default())
        };
        let got = slot
            .get_or_try_init(|| async { self.upstream.get(path).await.map(Arc::new) })
            .await;
        match got {
            Ok(page) => Ok(Arc::clone(page)),
            Err(error) => {
                self.pages.lock().unwrap().remove(path);
                Err(error)
            }
        }
    }
}
