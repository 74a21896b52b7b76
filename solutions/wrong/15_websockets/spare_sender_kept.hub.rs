//! Each member keeps the sender, to be able to talk.

pub struct Member {
    messages: broadcast::Receiver<Utf8Bytes>,
    _sender: broadcast::Sender<Utf8Bytes>,
    _place: OwnedSemaphorePermit,
}

impl Hub {
    pub fn join(&self) -> Option<Member> {
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        Some(Member {
            messages: self.messages.subscribe(),
            _sender: self.messages.clone(),
            _place: place,
        })
    }
}

impl Member {
    pub async fn next(&mut self) -> Option<News> {
        match self.messages.recv().await {
            Ok(text) => Some(News::Text(text)),
            Err(RecvError::Lagged(missed)) => Some(News::Missed(missed)),
            Err(RecvError::Closed) => None,
        }
    }
}
