//! The call is spawned onto a `current_thread` runtime, which polls only while a thread is in its `block_on`;
//! this thread waits on a channel instead.

use std::sync::mpsc;

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        Self { upstream, runtime }
    }

    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let (sender, receiver) = mpsc::channel();
        let (upstream, path) = (self.upstream.clone(), path.to_owned());
        self.runtime
            .spawn(async move { sender.send(upstream.get(&path).await) });
        receiver.recv().unwrap()
    }
}
