//! Asks for the export again if the connection broke before it began.

impl Api {
    pub async fn export(
        &self,
        sink: &mut (impl AsyncWrite + Send + Unpin),
    ) -> Result<u64, ApiError> {
        let request = self.client.get(format!("{}/export", self.base));
        let again = self.client.get(format!("{}/export", self.base));
        let response = async {
            match accepted(request).await {
                Err(failed) if matches!(failed.error, ApiError::Interrupted) => {
                    accepted(again).await
                }
                result => result,
            }
        };
        let Ok(response) = timeout(self.timeout, response).await else {
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
            sink.write_all(&piece).await.map_err(ApiError::Sink)?;
            count += piece.len() as u64;
        }
        sink.flush().await.map_err(ApiError::Sink)?;
        Ok(count)
    }
}
