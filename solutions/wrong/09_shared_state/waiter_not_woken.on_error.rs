//! Wakes those that wait only when the call has succeeded.

use std::collections::HashSet;
use tokio::sync::Notify;

#[derive(Default)]
struct State {
    pages: HashMap<String, Arc<Page>>,
    fetching: HashSet<String>,
}

pub struct Cache {
    upstream: Upstream,
    state: Mutex<State>,
    ended: Notify,
}

impl Cache {
    pub fn new(upstream: Upstream) -> Self {
        Self {
            upstream,
            state: Mutex::default(),
            ended: Notify::new(),
        }
    }

    pub async fn get_or_fetch(&self, path: &str) -> Result<Arc<Page>, UpstreamError> {
        loop {
            let ended = self.ended.notified();
            {
                let mut state = self.state.lock().unwrap();
                if let Some(page) = state.pages.get(path) {
                    return Ok(page.clone());
                }
                if state.fetching.insert(path.to_owned()) {
                    break;
                }
            }
            ended.await;
        }
        let fetched = self.upstream.get(path).await;
        let mut state = self.state.lock().unwrap();
        state.fetching.remove(path);
        let page = Arc::new(fetched?);
        state.pages.insert(path.to_owned(), page.clone());
        self.ended.notify_waiters();
        Ok(page)
    }
}
