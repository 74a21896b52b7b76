//! Puts an error of its own in the place of the sink's.

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
            let Ok(piece) = timeout(self.timeout, response.chunk()).await else {
                return Err(ApiError::Timeout);
            };
            let Some(piece) = piece? else {
                break;
            };
            sink.write_all(&piece)
                .await
                .map_err(|error| ApiError::Sink(io::Error::other(error)))?;
            count += piece.len() as u64;
        }
        sink.flush()
            .await
            .map_err(|error| ApiError::Sink(io::Error::other(error)))?;
        Ok(count)
    }
}
