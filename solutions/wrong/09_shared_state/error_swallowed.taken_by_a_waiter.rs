//! The call is a task, and whoever is first there when it ends takes the error. The caller who began the call comes last.

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
            let (ended, call) = {
                let mut entries = self.entries.lock().unwrap();
                let entry = entries.entry(path.to_owned()).or_default();
                if let Some(page) = &entry.page {
                    return Ok(page.clone());
                }
                if let Some(error) = entry.error.take() {
                    return Err(error);
                }
                let ended = entry.ended.clone().notified_owned();
                let call = (!entry.in_flight).then(|| {
                    let (upstream, entries) = (self.upstream.clone(), self.entries.clone());
                    tokio::spawn(fetch(upstream, path.to_owned(), entries))
                });
                entry.in_flight = true;
                (ended, call)
            };
            match call {
                Some(call) => call.await.unwrap(),
                None => ended.await,
            }
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
