//! Doesn't tell of a gap once the hub is gone.

impl Member {
    pub async fn next(&mut self) -> Option<News> {
        loop {
            match self.messages.recv().await {
                Ok(text) => return Some(News::Text(text)),
                Err(RecvError::Lagged(_)) if self.messages.is_closed() => {}
                Err(RecvError::Lagged(missed)) => return Some(News::Missed(missed)),
                Err(RecvError::Closed) => return None,
            }
        }
    }
}
