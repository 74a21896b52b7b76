//! The thread that drives the runtime is joined before it is told to end.

use std::thread;

use tokio::sync::oneshot;

pub struct BlockingClient {
    upstream: Upstream,
    runtime: Handle,
    _stop: oneshot::Sender<()>,
    thread: Option<thread::JoinHandle<()>>,
}

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel();
        let thread = thread::spawn(move || {
            runtime.block_on(stopped).ok();
        });
        Self {
            upstream,
            runtime: handle,
            _stop: stop,
            thread: Some(thread),
        }
    }

    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        self.runtime.block_on(self.upstream.get(path))
    }
}

impl Drop for BlockingClient {
    fn drop(&mut self) {
        // Fields are dropped after this, `_stop` among them.
        self.thread.take().unwrap().join().unwrap();
    }
}
