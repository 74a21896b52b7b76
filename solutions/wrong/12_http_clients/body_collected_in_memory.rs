//! Reads all of the export before it writes the first byte.

impl Api {
    pub async fn export(
        &self,
        sink: &mut (impl AsyncWrite + Send + Unpin),
    ) -> Result<u64, ApiError> {
        let request = self.client.get(format!("{}/export", self.base));
        let Ok(response) = timeout(self.timeout, accepted(request)).await else {
            return Err(ApiError::Timeout);
        };
        let response = response.map_err(|failed| failed.error)?;
        let Ok(body) = timeout(self.timeout * 100, response.bytes()).await else {
            return Err(ApiError::Timeout);
        };
        let body = body?;
        sink.write_all(&body).await.map_err(ApiError::Sink)?;
        sink.flush().await.map_err(ApiError::Sink)?;
        Ok(body.len() as u64)
    }
}
