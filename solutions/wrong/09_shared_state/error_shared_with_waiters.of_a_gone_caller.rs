//! The call is a task, and the first who sees its end takes the error. If the caller who began the call has gone, that's
//! somebody else.

use tokio::sync::Notify;

#[derive(Default)]
struct Entry {
    page: Option<Arc<Page>>,
    error: Option<UpstreamError>,
    in_flight: bool,
    ended: Arc<Notify>,
}

pub struct Cache {
    upstream: Upstream,
    entries: Arc<Mutex<HashMap<String, Entry>>>,
}

impl Cache {
    pub fn new(upstream: Upstream) -> Self {
        Self {
            upstream,
            entries: Arc::default(),
        }
    }

    pub async fn get_or_fetch(&self, path: &str) -> Result<Arc<Page>, UpstreamError> {
        loop {
            let ended = {
                let mut entries = self.entries.lock().unwrap();
                let entry = entries.entry(path.to_owned()).or_default();
                if let Some(page) = &entry.page {
                    return Ok(page.clone());
                }
                if let Some(error) = entry.error.take() {
                    return Err(error);
                }
                if !entry.in_flight {
                    entry.in_flight = true;
                    tokio::spawn(fetch(
                        self.upstream.clone(),
                        path.to_owned(),
                        self.entries.clone(),
                    ));
                }
                entry.ended.clone().notified_owned()
            };
            ended.await;
        }
    }
}

async fn fetch(upstream: Upstream, path: String, entries: Arc<Mutex<HashMap<String, Entry>>>) {
    let fetched = upstream.get(&path).await;
    let mut entries = entries.lock().unwrap();
    let entry = entries.get_mut(&path).unwrap();
    entry.in_flight = false;
    match fetched {
        Ok(page) => entry.page = Some(Arc::new(page)),
        Err(error) => entry.error = Some(error),
    }
    entry.ended.notify_waiters();
}
