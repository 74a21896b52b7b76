//! Each call takes a thread of a pool, which has a few of them.

pub struct BlockingClient {
    upstream: Upstream,
    runtime: Runtime,
}

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        let mut builder = Builder::new_multi_thread();
        let runtime = builder.max_blocking_threads(8).enable_all().build();
        let runtime = runtime.unwrap();
        Self { upstream, runtime }
    }

    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let handle = self.runtime.handle().clone();
        let (upstream, path) = (self.upstream.clone(), path.to_owned());
        let call = self
            .runtime
            .spawn_blocking(move || handle.block_on(upstream.get(&path)));
        self.runtime.block_on(call).unwrap()
    }
}
