//! Finds the path marked, takes another lock to count who waits, and only then makes the `notified` future: a call that
//! ends in between has sent its notification already.

use std::collections::HashSet;
use tokio::sync::{Mutex as AsyncMutex, Notify};

#[derive(Default)]
struct State {
    pages: HashMap<String, Arc<Page>>,
    fetching: HashSet<String>,
}

pub struct Cache {
    upstream: Upstream,
    state: Mutex<State>,
    waiting: AsyncMutex<usize>,
    ended: Notify,
}

struct Claim<'a>(&'a Cache, &'a str);

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        self.0.state.lock().unwrap().fetching.remove(self.1);
        self.0.ended.notify_waiters();
    }
}

enum Look {
    Here(Arc<Page>),
    Mine,
    Wait,
}

impl Cache {
    pub fn new(upstream: Upstream) -> Self {
        Self {
            upstream,
            state: Mutex::default(),
            waiting: AsyncMutex::default(),
            ended: Notify::new(),
        }
    }

    fn look(&self, path: &str) -> Look {
        let mut state = self.state.lock().unwrap();
        if let Some(page) = state.pages.get(path) {
            Look::Here(page.clone())
        } else if state.fetching.insert(path.to_owned()) {
            Look::Mine
        } else {
            Look::Wait
        }
    }

    pub async fn get_or_fetch(&self, path: &str) -> Result<Arc<Page>, UpstreamError> {
        loop {
            match self.look(path) {
                Look::Here(page) => return Ok(page),
                Look::Mine => break,
                Look::Wait => {
                    *self.waiting.lock().await += 1;
                    self.ended.notified().await;
                    *self.waiting.lock().await -= 1;
                }
            }
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
