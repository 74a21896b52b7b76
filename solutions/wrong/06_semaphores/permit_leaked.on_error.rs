//! The `?` returns before the permit is given back.

impl Limited {
    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        self.permits
            .acquire()
            .await
            .expect("it is never closed")
            .forget();
        let page = self.upstream.get(path).await?;
        self.permits.add_permits(1);
        Ok(page)
    }
}
