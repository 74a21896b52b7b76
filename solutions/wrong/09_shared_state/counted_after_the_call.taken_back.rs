//! Takes the visit back when its call fails.

impl Counters {
    pub async fn bump(&self, path: &str) -> Result<u64, UpstreamError> {
        let number = {
            let mut visits = self.visits.lock().unwrap();
            let count = visits.entry(path.to_owned()).or_insert(0);
            *count += 1;
            *count
        };
        if let Err(error) = self.audit.get(path).await {
            *self.visits.lock().unwrap().get_mut(path).unwrap() -= 1;
            return Err(error);
        }
        Ok(number)
    }
}
