//! On a paused clock no call takes time, and no time limit means anything.

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        Self { upstream, runtime }
    }
}
