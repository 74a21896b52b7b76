//! Callers that wait look every 10 ms whether the page has come.

use std::{collections::HashSet, time::Duration};

#[derive(Default)]
struct State {
    pages: HashMap<String, Arc<Page>>,
    fetching: HashSet<String>,
}

pub struct Cache {
    upstream: Upstream,
    state: Mutex<State>,
}

struct Claim<'a>(&'a Cache, &'a str);

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        self.0.state.lock().unwrap().fetching.remove(self.1);
    }
}

impl Cache {
    pub fn new(upstream: Upstream) -> Self {
        Self {
            upstream,
            state: Mutex::default(),
        }
    }

    pub async fn get_or_fetch(&self, path: &str) -> Result<Arc<Page>, UpstreamError> {
        loop {
            {
                let mut state = self.state.lock().unwrap();
                if let Some(page) = state.pages.get(path) {
                    return Ok(page.clone());
                }
                if state.fetching.insert(path.to_owned()) {
                    break;
                }
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let _claim = Claim(self, path);
        let page = Arc::new(self.upstream.get(path).await?);
        self.state
            .lock()
            .unwrap()
            .pages
            .insert(path.to_owned(), page.clone());
        Ok(page)
    }
}
