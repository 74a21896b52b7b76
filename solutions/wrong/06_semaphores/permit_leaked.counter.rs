//! Counts up before the call and down after it. A call that's dropped is never counted down.

use tokio::sync::watch;

#[derive(Clone)]
pub struct Limited {
    upstream: Upstream,
    limit: usize,
    in_flight: Arc<watch::Sender<usize>>,
}

impl Limited {
    pub fn new(upstream: Upstream, limit: NonZeroUsize) -> Self {
        Self {
            upstream,
            limit: limit.get(),
            in_flight: Arc::default(),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let mut seen = self.in_flight.subscribe();
        let begin = |in_flight: &mut usize| {
            let room = *in_flight < self.limit;
            *in_flight += usize::from(room);
            room
        };
        while !self.in_flight.send_if_modified(begin) {
            let room = seen.wait_for(|&in_flight| in_flight < self.limit).await;
            room.expect("this client keeps the sender");
        }
        let answer = self.upstream.get(path).await;
        self.in_flight.send_modify(|in_flight| *in_flight -= 1);
        answer
    }
}
