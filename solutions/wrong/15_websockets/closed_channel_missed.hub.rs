//! Takes the end for another gap.

impl Member {
    pub async fn next(&mut self) -> Option<News> {
        match self.messages.recv().await {
            Ok(text) => Some(News::Text(text)),
            Err(RecvError::Lagged(missed)) => Some(News::Missed(missed)),
            Err(RecvError::Closed) => Some(News::Missed(0)),
        }
    }
}
