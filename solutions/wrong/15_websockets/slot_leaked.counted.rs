//! Counts those who join, and not those who leave.

use std::sync::atomic::{AtomicUsize, Ordering};

pub struct Hub {
    messages: broadcast::Sender<Utf8Bytes>,
    places: usize,
    members: AtomicUsize,
}

pub struct Member {
    messages: broadcast::Receiver<Utf8Bytes>,
}

impl Hub {
    pub fn new(places: usize, backlog: usize) -> Self {
        Self {
            messages: broadcast::Sender::new(backlog),
            places,
            members: AtomicUsize::new(0),
        }
    }

    pub fn join(&self) -> Option<Member> {
        if self.members.load(Ordering::SeqCst) >= self.places {
            return None;
        }
        self.members.fetch_add(1, Ordering::SeqCst);
        Some(Member {
            messages: self.messages.subscribe(),
        })
    }

    pub fn members(&self) -> usize {
        self.members.load(Ordering::SeqCst)
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
