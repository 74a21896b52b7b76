//! A thread for each call, with another executor on it.

use std::thread;

use futures::executor;

pub struct BlockingClient {
    upstream: Upstream,
}

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        Self { upstream }
    }

    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        thread::scope(|scope| {
            let call = || executor::block_on(self.upstream.get(path));
            scope.spawn(call).join().unwrap()
        })
    }
}
