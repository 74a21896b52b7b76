//! Reports each message of a gap by itself.

pub struct Member {
    messages: broadcast::Receiver<Utf8Bytes>,
    _place: OwnedSemaphorePermit,
    gap: u64,
}

impl Member {
    pub async fn next(&mut self) -> Option<News> {
        if self.gap > 0 {
            self.gap -= 1;
            return Some(News::Missed(1));
        }
        match self.messages.recv().await {
            Ok(text) => Some(News::Text(text)),
            Err(RecvError::Lagged(missed)) => {
                self.gap = missed - 1;
                Some(News::Missed(1))
            }
            Err(RecvError::Closed) => None,
        }
    }
}

impl Hub {
    pub fn join(&self) -> Option<Member> {
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        Some(Member {
            messages: self.messages.subscribe(),
            _place: place,
            gap: 0,
        })
    }
}
