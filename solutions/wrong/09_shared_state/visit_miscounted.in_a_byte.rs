//! A counter is a byte, which begins anew after 255.

pub struct Counters {
    audit: Upstream,
    visits: Mutex<HashMap<String, u8>>,
}

impl Counters {
    pub fn new(audit: Upstream) -> Self {
        Self {
            audit,
            visits: Mutex::default(),
        }
    }

    pub async fn bump(&self, path: &str) -> Result<u64, UpstreamError> {
        let number = {
            let mut visits = self.visits.lock().unwrap();
            let count = visits.entry(path.to_owned()).or_insert(0);
            *count = count.wrapping_add(1);
            *count
        };
        self.audit.get(path).await?;
        Ok(number.into())
    }

    pub fn visits(&self, path: &str) -> u64 {
        let visits = self.visits.lock().unwrap();
        visits.get(path).copied().unwrap_or(0).into()
    }
}
