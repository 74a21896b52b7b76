//! Reports a gap as one message.

impl Member {
    pub async fn next(&mut self) -> Option<News> {
        match self.messages.recv().await {
            Ok(text) => Some(News::Text(text)),
            Err(RecvError::Lagged(_)) => Some(News::Missed(1)),
            Err(RecvError::Closed) => None,
        }
    }
}
