//! Wakes one of those who wait.

use tokio::sync::{Notify, broadcast::error::TryRecvError};

pub struct Hub {
    messages: broadcast::Sender<Utf8Bytes>,
    changed: Arc<Notify>,
    places: Arc<Semaphore>,
}

pub struct Member {
    messages: broadcast::Receiver<Utf8Bytes>,
    changed: Arc<Notify>,
    _place: OwnedSemaphorePermit,
}

impl Hub {
    pub fn new(places: usize, backlog: usize) -> Self {
        Self {
            messages: broadcast::Sender::new(backlog),
            changed: Arc::default(),
            places: Arc::new(Semaphore::new(places)),
        }
    }

    pub fn join(&self) -> Option<Member> {
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        Some(Member {
            messages: self.messages.subscribe(),
            changed: Arc::clone(&self.changed),
            _place: place,
        })
    }

    pub fn members(&self) -> usize {
        self.messages.receiver_count()
    }

    pub fn publish(&self, text: Utf8Bytes) {
        self.messages.send(text).ok();
        self.changed.notify_one();
    }
}

impl Member {
    pub async fn next(&mut self) -> Option<News> {
        loop {
            match self.messages.try_recv() {
                Ok(text) => return Some(News::Text(text)),
                Err(TryRecvError::Lagged(missed)) => return Some(News::Missed(missed)),
                Err(TryRecvError::Closed) => return None,
                Err(TryRecvError::Empty) => self.changed.notified().await,
            }
        }
    }
}
