//! Wakes one of those who wait.

use std::{collections::VecDeque, sync::Mutex};
use tokio::sync::Notify;

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Utf8Bytes>,
    missed: u64,
}

pub struct Hub {
    places: Arc<Semaphore>,
    backlog: usize,
    queues: Mutex<Vec<std::sync::Weak<Mutex<Queue>>>>,
    changed: Arc<Notify>,
    open: Arc<()>,
}

pub struct Member {
    queue: Arc<Mutex<Queue>>,
    changed: Arc<Notify>,
    hub: std::sync::Weak<()>,
    _place: OwnedSemaphorePermit,
}

impl Hub {
    pub fn new(places: usize, backlog: usize) -> Self {
        Self {
            places: Arc::new(Semaphore::new(places)),
            backlog,
            queues: Mutex::default(),
            changed: Arc::default(),
            open: Arc::default(),
        }
    }

    pub fn join(&self) -> Option<Member> {
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        let queue = Arc::default();
        self.queues.lock().unwrap().push(Arc::downgrade(&queue));
        Some(Member {
            queue,
            changed: Arc::clone(&self.changed),
            hub: Arc::downgrade(&self.open),
            _place: place,
        })
    }

    pub fn members(&self) -> usize {
        let queues = self.queues.lock().unwrap();
        queues
            .iter()
            .filter(|queue| queue.strong_count() > 0)
            .count()
    }

    pub fn publish(&self, text: Utf8Bytes) {
        for queue in self
            .queues
            .lock()
            .unwrap()
            .iter()
            .filter_map(|queue| queue.upgrade())
        {
            let mut queue = queue.lock().unwrap();
            if queue.waiting.len() == self.backlog {
                queue.waiting.pop_front();
                queue.missed += 1;
            }
            queue.waiting.push_back(text.clone());
        }
        self.changed.notify_one();
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        self.changed.notify_waiters();
    }
}

impl Member {
    pub async fn next(&mut self) -> Option<News> {
        loop {
            {
                let mut queue = self.queue.lock().unwrap();
                if queue.missed > 0 {
                    return Some(News::Missed(std::mem::take(&mut queue.missed)));
                }
                if let Some(text) = queue.waiting.pop_front() {
                    return Some(News::Text(text));
                }
                if self.hub.strong_count() == 0 {
                    return None;
                }
            }
            self.changed.notified().await;
        }
    }
}
