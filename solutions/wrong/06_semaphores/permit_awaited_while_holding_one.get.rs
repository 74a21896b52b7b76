//! `get` takes a permit, and calls a method that takes another one.

impl Limited {
    async fn call(&self, path: &str) -> Result<Page, UpstreamError> {
        let _permit = self.permits.acquire().await.expect("it is never closed");
        self.upstream.get(path).await
    }

    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let _permit = self.permits.acquire().await.expect("it is never closed");
        self.call(path).await
    }
}
