//! The caller stops waiting after 100 ms, while the call goes on.

use std::{sync::mpsc, time::Duration};

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        let runtime = Runtime::new().unwrap();
        Self { upstream, runtime }
    }

    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let (sender, receiver) = mpsc::channel();
        let (upstream, wanted) = (self.upstream.clone(), path.to_owned());
        self.runtime
            .spawn(async move { sender.send(upstream.get(&wanted).await) });
        receiver
            .recv_timeout(Duration::from_millis(100))
            .unwrap_or_else(|_| {
                Err(UpstreamError::Transport {
                    path: path.to_owned(),
                    reason: "too slow".to_owned(),
                })
            })
    }
}
