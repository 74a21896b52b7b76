//! The limit of a piece bounds its write as well.

impl Api {
    pub async fn export(
        &self,
        sink: &mut (impl AsyncWrite + Send + Unpin),
    ) -> Result<u64, ApiError> {
        let request = self.client.get(format!("{}/export", self.base));
        let Ok(response) = timeout(self.timeout, accepted(request)).await else {
            return Err(ApiError::Timeout);
        };
        let mut response = response.map_err(|failed| failed.error)?;
        let mut count = 0;
        loop {
            let step = async {
                let Some(piece) = response.chunk().await? else {
                    return Ok(0);
                };
                sink.write_all(&piece).await.map_err(ApiError::Sink)?;
                Ok::<_, ApiError>(piece.len() as u64)
            };
            match timeout(self.timeout, step).await {
                Ok(Ok(0)) => break,
                Ok(Ok(length)) => count += length,
                Ok(Err(error)) => return Err(error),
                Err(_elapsed) => return Err(ApiError::Timeout),
            }
        }
        sink.flush().await.map_err(ApiError::Sink)?;
        Ok(count)
    }
}
