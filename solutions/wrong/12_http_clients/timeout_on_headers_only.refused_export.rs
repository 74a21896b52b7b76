//! Waits for the text of a refused export without a limit.

impl Api {
    pub async fn export(
        &self,
        sink: &mut (impl AsyncWrite + Send + Unpin),
    ) -> Result<u64, ApiError> {
        let request = self.client.get(format!("{}/export", self.base));
        let Ok(response) = timeout(self.timeout, request.send()).await else {
            return Err(ApiError::Timeout);
        };
        let mut response = response?;
        let status = response.status();
        if !status.is_success() {
            let code = status.as_u16();
            let text = response.text().await?;
            return Err(ApiError::Status { code, text });
        }
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
