//! `notify_one` wakes one of the callers that wait, and nobody wakes the rest.

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

struct Claim<'a>(&'a Cache, &'a str);

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        self.0.state.lock().unwrap().fetching.remove(self.1);
        self.0.ended.notify_one();
    }
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
        let claim = Claim(self, path);
        let page = Arc::new(self.upstream.get(path).await?);
        self.state
            .lock()
            .unwrap()
            .pages
            .insert(path.to_owned(), page.clone());
        drop(claim);
        Ok(page)
    }
}
