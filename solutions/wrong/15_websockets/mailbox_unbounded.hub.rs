//! Gives each member a queue that takes whatever comes.

use std::sync::Mutex;
use tokio::sync::mpsc;

pub struct Hub {
    places: Arc<Semaphore>,
    senders: Mutex<Vec<mpsc::UnboundedSender<Utf8Bytes>>>,
}

pub struct Member {
    messages: mpsc::UnboundedReceiver<Utf8Bytes>,
    _place: OwnedSemaphorePermit,
}

impl Hub {
    pub fn new(places: usize, _backlog: usize) -> Self {
        Self {
            places: Arc::new(Semaphore::new(places)),
            senders: Mutex::default(),
        }
    }

    pub fn join(&self) -> Option<Member> {
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        let (sender, messages) = mpsc::unbounded_channel();
        self.senders.lock().unwrap().push(sender);
        Some(Member {
            messages,
            _place: place,
        })
    }

    pub fn members(&self) -> usize {
        let senders = self.senders.lock().unwrap();
        senders.iter().filter(|sender| !sender.is_closed()).count()
    }

    pub fn publish(&self, text: Utf8Bytes) {
        let mut senders = self.senders.lock().unwrap();
        senders.retain(|sender| sender.send(text.clone()).is_ok());
    }
}

impl Member {
    pub async fn next(&mut self) -> Option<News> {
        Some(News::Text(self.messages.recv().await?))
    }
}
