//! One limit bounds the whole of the export.

impl Api {
    pub async fn export(
        &self,
        sink: &mut (impl AsyncWrite + Send + Unpin),
    ) -> Result<u64, ApiError> {
        let url = format!("{}/export", self.base);
        let request = self.client.get(url).timeout(self.timeout);
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
