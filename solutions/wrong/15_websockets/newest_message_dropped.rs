//! Gives each member a bounded queue, and drops what finds no room in it.

use std::sync::Mutex;
use tokio::sync::mpsc::{self, error::TrySendError};

pub struct Hub {
    places: Arc<Semaphore>,
    backlog: usize,
    senders: Mutex<Vec<(mpsc::Sender<News>, u64)>>,
}

pub struct Member {
    messages: mpsc::Receiver<News>,
    _place: OwnedSemaphorePermit,
}

impl Hub {
    pub fn new(places: usize, backlog: usize) -> Self {
        Self {
            places: Arc::new(Semaphore::new(places)),
            backlog,
            senders: Mutex::default(),
        }
    }

    pub fn join(&self) -> Option<Member> {
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        let (sender, messages) = mpsc::channel(self.backlog);
        self.senders.lock().unwrap().push((sender, 0));
        Some(Member {
            messages,
            _place: place,
        })
    }

    pub fn members(&self) -> usize {
        let senders = self.senders.lock().unwrap();
        senders
            .iter()
            .filter(|(sender, _)| !sender.is_closed())
            .count()
    }

    pub fn publish(&self, text: Utf8Bytes) {
        let mut senders = self.senders.lock().unwrap();
        senders.retain_mut(|(sender, missed)| {
            if *missed > 0 && sender.capacity() >= 2 {
                sender.try_send(News::Missed(*missed)).ok();
                *missed = 0;
            }
            match sender.try_send(News::Text(text.clone())) {
                Ok(()) => true,
                Err(TrySendError::Full(_)) => {
                    *missed += 1;
                    true
                }
                Err(TrySendError::Closed(_)) => false,
            }
        });
    }
}

impl Member {
    pub async fn next(&mut self) -> Option<News> {
        self.messages.recv().await
    }
}
