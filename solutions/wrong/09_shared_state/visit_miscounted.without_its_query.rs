//! What stands after the `?` isn't part of the path here.

impl Counters {
    pub async fn bump(&self, path: &str) -> Result<u64, UpstreamError> {
        let number = {
            let page = path.split('?').next().unwrap_or(path);
            let mut visits = self.visits.lock().expect("nobody panics with the lock");
            let count = visits.entry(page.to_owned()).or_insert(0);
            *count += 1;
            *count
        };
        self.audit.get(path).await?;
        Ok(number)
    }

    pub fn visits(&self, path: &str) -> u64 {
        let page = path.split('?').next().unwrap_or(path);
        let visits = self.visits.lock().expect("nobody panics with the lock");
        visits.get(page).copied().unwrap_or(0)
    }
}
