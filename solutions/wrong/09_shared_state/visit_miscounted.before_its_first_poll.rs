//! The visit counts when `bump` is called, and not when its future is polled.

impl Counters {
    pub fn bump(&self, path: &str) -> impl Future<Output = Result<u64, UpstreamError>> + Send {
        let number = {
            let mut visits = self.visits.lock().expect("nobody panics with the lock");
            let count = visits.entry(path.to_owned()).or_insert(0);
            *count += 1;
            *count
        };
        let call = self.audit.get(path);
        async move {
            call.await?;
            Ok(number)
        }
    }
}
