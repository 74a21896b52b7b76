//! Notices that a member has gone when it next has a message for it.

use std::sync::Mutex;
use tokio::sync::mpsc;

pub struct Hub {
    places: usize,
    senders: Mutex<Vec<mpsc::WeakSender<()>>>,
    messages: broadcast::Sender<Utf8Bytes>,
}

pub struct Member {
    messages: broadcast::Receiver<Utf8Bytes>,
    _alive: mpsc::Sender<()>,
}

impl Hub {
    pub fn new(places: usize, backlog: usize) -> Self {
        Self {
            places,
            senders: Mutex::default(),
            messages: broadcast::Sender::new(backlog),
        }
    }

    pub fn join(&self) -> Option<Member> {
        let mut senders = self.senders.lock().unwrap();
        if senders.len() == self.places {
            return None;
        }
        let (alive, _) = mpsc::channel(1);
        senders.push(alive.downgrade());
        Some(Member {
            messages: self.messages.subscribe(),
            _alive: alive,
        })
    }

    pub fn members(&self) -> usize {
        self.senders.lock().unwrap().len()
    }

    pub fn publish(&self, text: Utf8Bytes) {
        let mut senders = self.senders.lock().unwrap();
        senders.retain(|sender| sender.upgrade().is_some());
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
