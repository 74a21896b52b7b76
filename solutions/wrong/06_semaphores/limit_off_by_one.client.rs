//! Keeps one permit back.

impl Limited {
    pub fn new(upstream: Upstream, limit: NonZeroUsize) -> Self {
        Self {
            upstream,
            permits: Arc::new(Semaphore::new((limit.get() - 1).max(1))),
        }
    }
}
