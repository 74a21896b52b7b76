//! All members take from one queue, so each message reaches one of them.

use std::sync::Mutex as StdMutex;
use tokio::sync::{Mutex, mpsc};

type Shared = Arc<Mutex<mpsc::UnboundedReceiver<Utf8Bytes>>>;

pub struct Hub {
    places: Arc<Semaphore>,
    sender: mpsc::UnboundedSender<Utf8Bytes>,
    messages: Shared,
    count: Arc<StdMutex<usize>>,
}

pub struct Member {
    messages: Shared,
    _place: OwnedSemaphorePermit,
    count: Arc<StdMutex<usize>>,
}

impl Drop for Member {
    fn drop(&mut self) {
        *self.count.lock().unwrap() -= 1;
    }
}

impl Hub {
    pub fn new(places: usize, _backlog: usize) -> Self {
        let (sender, messages) = mpsc::unbounded_channel();
        Self {
            places: Arc::new(Semaphore::new(places)),
            sender,
            messages: Arc::new(Mutex::new(messages)),
            count: Arc::default(),
        }
    }

    pub fn join(&self) -> Option<Member> {
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        *self.count.lock().unwrap() += 1;
        Some(Member {
            messages: Arc::clone(&self.messages),
            _place: place,
            count: Arc::clone(&self.count),
        })
    }

    pub fn members(&self) -> usize {
        *self.count.lock().unwrap()
    }

    pub fn publish(&self, text: Utf8Bytes) {
        if self.members() > 0 {
            self.sender.send(text).ok();
        }
    }
}

impl Member {
    pub async fn next(&mut self) -> Option<News> {
        let text = self.messages.lock().await.recv().await;
        text.map(News::Text)
    }
}
