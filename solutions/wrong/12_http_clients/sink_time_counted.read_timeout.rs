//! `read_timeout` counts from the last piece, and so the time of the sink as well.

impl Api {
    pub fn new(base: &str, timeout: Duration) -> Self {
        let client = client_builder().read_timeout(timeout).build();
        Self {
            client: client.expect("a client can be made"),
            base: base.to_owned(),
            timeout,
        }
    }

    pub async fn export(
        &self,
        sink: &mut (impl AsyncWrite + Send + Unpin),
    ) -> Result<u64, ApiError> {
        let request = self.client.get(format!("{}/export", self.base));
        let mut response = accepted(request).await.map_err(|failed| failed.error)?;
        let mut count = 0;
        while let Some(piece) = response.chunk().await? {
            sink.write_all(&piece).await.map_err(ApiError::Sink)?;
            count += piece.len() as u64;
        }
        sink.flush().await.map_err(ApiError::Sink)?;
        Ok(count)
    }
}
