//! Keeps the last ten pages.

use std::collections::VecDeque;

pub struct Cache {
    upstream: Upstream,
    pages: Mutex<VecDeque<(String, Slot)>>,
}

impl Cache {
    pub fn new(upstream: Upstream) -> Self {
        Self {
            upstream,
            pages: Mutex::default(),
        }
    }

    pub async fn get_or_fetch(&self, path: &str) -> Result<Arc<Page>, UpstreamError> {
        let slot = {
            let mut pages = self.pages.lock().unwrap();
            match pages.iter().find(|(key, _)| key == path) {
                Some((_, slot)) => slot.clone(),
                None => {
                    let slot = Slot::default();
                    pages.push_back((path.to_owned(), slot.clone()));
                    if pages.len() > 10 {
                        pages.pop_front();
                    }
                    slot
                }
            }
        };
        let page = slot
            .get_or_try_init(|| async { self.upstream.get(path).await.map(Arc::new) })
            .await?;
        Ok(Arc::clone(page))
    }
}
