//! Makes the call in a task, which goes on when nobody waits for its answer.

impl Limited {
    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let (upstream, path) = (self.upstream.clone(), path.to_owned());
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let call = tokio::spawn(async move {
            let _permit = permit;
            upstream.get(&path).await
        });
        call.await.expect("`get` does not panic")
    }
}
