//! Keeps the counts in a `static`, which all `Counters` share.

use std::sync::LazyLock;

static VISITS: LazyLock<Mutex<HashMap<String, u64>>> = LazyLock::new(Mutex::default);

pub struct Counters {
    audit: Upstream,
}

impl Counters {
    pub fn new(audit: Upstream) -> Self {
        Self { audit }
    }

    pub async fn bump(&self, path: &str) -> Result<u64, UpstreamError> {
        let number = {
            let mut visits = VISITS.lock().unwrap();
            let count = visits.entry(path.to_owned()).or_insert(0);
            *count += 1;
            *count
        };
        self.audit.get(path).await?;
        Ok(number)
    }

    pub fn visits(&self, path: &str) -> u64 {
        VISITS.lock().unwrap().get(path).copied().unwrap_or(0)
    }
}
