//! Gives the permit back by hand, on success and on error. A future that's dropped gets to neither.

impl Limited {
    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        self.permits
            .acquire()
            .await
            .expect("it is never closed")
            .forget();
        let answer = self.upstream.get(path).await;
        self.permits.add_permits(1);
        answer
    }
}
