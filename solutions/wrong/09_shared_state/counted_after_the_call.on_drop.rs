//! A guard takes the visit back unless the call has succeeded.

struct Uncount<'a> {
    visits: &'a Mutex<HashMap<String, u64>>,
    path: &'a str,
    succeeded: bool,
}

impl Drop for Uncount<'_> {
    fn drop(&mut self) {
        if !self.succeeded {
            *self.visits.lock().unwrap().get_mut(self.path).unwrap() -= 1;
        }
    }
}

impl Counters {
    pub async fn bump(&self, path: &str) -> Result<u64, UpstreamError> {
        let number = {
            let mut visits = self.visits.lock().unwrap();
            let count = visits.entry(path.to_owned()).or_insert(0);
            *count += 1;
            *count
        };
        let mut uncount = Uncount {
            visits: &self.visits,
            path,
            succeeded: false,
        };
        self.audit.get(path).await?;
        uncount.succeeded = true;
        Ok(number)
    }
}
