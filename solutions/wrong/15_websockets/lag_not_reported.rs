//! Passes over the gap, and says nothing.

impl Member {
    pub async fn next(&mut self) -> Option<News> {
        loop {
            match self.messages.recv().await {
                Ok(text) => return Some(News::Text(text)),
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    }
}
