//! A task fetches the export, and goes on when its caller has gone.

use tokio::sync::mpsc::channel;

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
        let (sender, mut pieces) = channel(1);
        let limit = self.timeout;
        tokio::spawn(async move {
            loop {
                let piece = match timeout(limit, response.chunk()).await {
                    Ok(Ok(Some(piece))) => Ok(piece),
                    Ok(Ok(None)) => return,
                    Ok(Err(error)) => Err(ApiError::from(error)),
                    Err(_elapsed) => Err(ApiError::Timeout),
                };
                let is_last = piece.is_err();
                if sender.send(piece).await.is_err() || is_last {
                    return;
                }
            }
        });
        let mut count = 0;
        while let Some(piece) = pieces.recv().await {
            let piece = piece?;
            sink.write_all(&piece).await.map_err(ApiError::Sink)?;
            count += piece.len() as u64;
        }
        sink.flush().await.map_err(ApiError::Sink)?;
        Ok(count)
    }
}
