//! The runtime of the client has no timers.

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        let runtime = Builder::new_multi_thread().build().unwrap();
        Self { upstream, runtime }
    }
}
