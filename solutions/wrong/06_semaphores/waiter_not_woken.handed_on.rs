//! A caller that ends wakes the first in line. If that one is dropped before it runs, it doesn't wake the next.

use std::{
    collections::VecDeque,
    future::poll_fn,
    sync::Mutex,
    task::{Poll, Waker},
};

#[derive(Clone)]
pub struct Limited {
    upstream: Upstream,
    queue: Arc<Mutex<Queue>>,
}

struct Queue {
    free: usize,
    waiting: VecDeque<Waker>,
}

struct Place(Arc<Mutex<Queue>>);

impl Drop for Place {
    fn drop(&mut self) {
        let mut queue = self.0.lock().expect("nobody panics under this lock");
        queue.free += 1;
        if let Some(first) = queue.waiting.pop_front() {
            first.wake();
        }
    }
}

impl Limited {
    pub fn new(upstream: Upstream, limit: NonZeroUsize) -> Self {
        let queue = Queue {
            free: limit.get(),
            waiting: VecDeque::new(),
        };
        Self {
            upstream,
            queue: Arc::new(Mutex::new(queue)),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let _place = poll_fn(|context| {
            let mut queue = self.queue.lock().expect("nobody panics under this lock");
            if queue.free > 0 {
                queue.free -= 1;
                return Poll::Ready(Place(Arc::clone(&self.queue)));
            }
            queue.waiting.push_back(context.waker().clone());
            Poll::Pending
        })
        .await;
        self.upstream.get(path).await
    }
}
