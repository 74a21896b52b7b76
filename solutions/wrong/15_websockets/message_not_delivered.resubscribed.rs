//! Begins anew after a gap, so what was still there is lost too.

impl Member {
    pub async fn next(&mut self) -> Option<News> {
        match self.messages.recv().await {
            Ok(text) => Some(News::Text(text)),
            Err(RecvError::Lagged(missed)) => {
                let left = self.messages.len() as u64;
                self.messages = self.messages.resubscribe();
                Some(News::Missed(missed + left))
            }
            Err(RecvError::Closed) => None,
        }
    }
}
