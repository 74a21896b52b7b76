//! Looks for a message every 50 ms.

impl Member {
    pub async fn next(&mut self) -> Option<News> {
        use broadcast::error::TryRecvError;

        loop {
            match self.messages.try_recv() {
                Ok(text) => return Some(News::Text(text)),
                Err(TryRecvError::Lagged(missed)) => return Some(News::Missed(missed)),
                Err(TryRecvError::Closed) => return None,
                Err(TryRecvError::Empty) => tokio::time::sleep(Duration::from_millis(7)).await,
            }
        }
    }
}
