//! Keeps the latest message alone.

use tokio::sync::watch;

pub struct Hub {
    places: Arc<Semaphore>,
    latest: watch::Sender<(u64, Utf8Bytes)>,
}

pub struct Member {
    latest: watch::Receiver<(u64, Utf8Bytes)>,
    seen: u64,
    pending: Option<Utf8Bytes>,
    _place: OwnedSemaphorePermit,
}

impl Hub {
    pub fn new(places: usize, _backlog: usize) -> Self {
        Self {
            places: Arc::new(Semaphore::new(places)),
            latest: watch::Sender::new((0, Utf8Bytes::default())),
        }
    }

    pub fn join(&self) -> Option<Member> {
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        let latest = self.latest.subscribe();
        let seen = latest.borrow().0;
        Some(Member {
            latest,
            seen,
            pending: None,
            _place: place,
        })
    }

    pub fn members(&self) -> usize {
        self.latest.receiver_count()
    }

    pub fn publish(&self, text: Utf8Bytes) {
        self.latest.send_modify(|(number, latest)| {
            *number += 1;
            *latest = text;
        });
    }
}

impl Member {
    pub async fn next(&mut self) -> Option<News> {
        if let Some(text) = self.pending.take() {
            return Some(News::Text(text));
        }
        self.latest.changed().await.ok()?;
        let (number, text) = self.latest.borrow_and_update().clone();
        let missed = number - self.seen - 1;
        self.seen = number;
        if missed == 0 {
            return Some(News::Text(text));
        }
        self.pending = Some(text);
        Some(News::Missed(missed))
    }
}
