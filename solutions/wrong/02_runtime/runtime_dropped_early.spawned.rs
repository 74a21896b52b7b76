//! What is spawned on a runtime that has ended is dropped, and no channel is ever sent to.

use std::sync::mpsc;

pub struct BlockingClient {
    upstream: Upstream,
    runtime: Handle,
}

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        let runtime = Runtime::new().unwrap();
        Self {
            upstream,
            runtime: runtime.handle().clone(),
        }
    }

    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let (sender, receiver) = mpsc::channel();
        let (upstream, path) = (self.upstream.clone(), path.to_owned());
        self.runtime
            .spawn(async move { sender.send(upstream.get(&path).await) });
        receiver.recv().unwrap()
    }
}
