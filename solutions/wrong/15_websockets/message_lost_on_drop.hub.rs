//! Takes a message, gives others a turn, and only then returns it.

impl Member {
    pub async fn next(&mut self) -> Option<News> {
        match self.messages.recv().await {
            Ok(text) => {
                tokio::task::yield_now().await;
                Some(News::Text(text))
            }
            Err(RecvError::Lagged(missed)) => Some(News::Missed(missed)),
            Err(RecvError::Closed) => None,
        }
    }
}
