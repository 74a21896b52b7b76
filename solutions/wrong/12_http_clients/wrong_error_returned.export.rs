//! Takes whatever goes wrong before the first byte for a broken connection.

impl Api {
    pub async fn export(
        &self,
        sink: &mut (impl AsyncWrite + Send + Unpin),
    ) -> Result<u64, ApiError> {
        let request = self.client.get(format!("{}/export", self.base));
        let response = async {
            let response = request.send().await.map_err(|_| ApiError::Interrupted)?;
            let status = response.status();
            if status.is_success() {
                return Ok(response);
            }
            let code = status.as_u16();
            let text = response.text().await?;
            Err(ApiError::Status { code, text })
        };
        let Ok(response) = timeout(self.timeout, response).await else {
            return Err(ApiError::Timeout);
        };
        let mut response = response?;
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
