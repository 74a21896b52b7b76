//! Gives each member a bounded queue, and drops what finds no room in it.

use std::sync::Mutex;
use tokio::sync::mpsc;

pub struct Hub {
    senders: Mutex<Vec<mpsc::Sender<Utf8Bytes>>>,
    places: Arc<Semaphore>,
    backlog: usize,
}

pub struct Member {
    messages: mpsc::Receiver<Utf8Bytes>,
    _place: OwnedSemaphorePermit,
}

impl Hub {
    pub fn new(places: usize, backlog: usize) -> Self {
        Self {
            senders: Mutex::default(),
            places: Arc::new(Semaphore::new(places)),
            backlog,
        }
    }

    pub fn join(&self) -> Option<Member> {
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        let (sender, messages) = mpsc::channel(self.backlog);
        self.senders.lock().unwrap().push(sender);
        Some(Member {
            messages,
            _place: place,
        })
    }

    pub fn members(&self) -> usize {
        let mut senders = self.senders.lock().unwrap();
        senders.retain(|sender| !sender.is_closed());
        senders.len()
    }

    pub fn publish(&self, text: Utf8Bytes) {
        for sender in &*self.senders.lock().unwrap() {
            sender.try_send(text.clone()).ok();
        }
    }
}

impl Member {
    pub async fn next(&mut self) -> Option<News> {
        self.messages.recv().await.map(News::Text)
    }
}
