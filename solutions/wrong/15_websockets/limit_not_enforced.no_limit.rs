//! Lets everybody in.

pub struct Hub {
    messages: broadcast::Sender<Utf8Bytes>,
}

pub struct Member {
    messages: broadcast::Receiver<Utf8Bytes>,
}

impl Hub {
    pub fn new(_places: usize, backlog: usize) -> Self {
        Self {
            messages: broadcast::Sender::new(backlog),
        }
    }

    pub fn join(&self) -> Option<Member> {
        Some(Member {
            messages: self.messages.subscribe(),
        })
    }

    pub fn members(&self) -> usize {
        self.messages.receiver_count()
    }

    pub fn publish(&self, text: Utf8Bytes) {
        self.messages.send(text).ok();
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
