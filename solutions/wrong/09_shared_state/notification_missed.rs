//! Finds the path marked, takes another lock to count who waits, and only then makes the `notified` future: a call that
//! ends in between has sent its notification already.

use tokio::sync::{Mutex as AsyncMutex, Notify};

type Slot = Arc<Entry>;

#[derive(Default)]
struct Entry {
    page: Mutex<Option<Arc<Page>>>,
    fetching: Mutex<bool>,
    waiting: AsyncMutex<usize>,
    ended: Notify,
}

struct Claim<'a>(&'a Entry);

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        *self.0.fetching.lock().unwrap() = false;
        self.0.ended.notify_waiters();
    }
}

impl Cache {
    pub async fn get_or_fetch(&self, path: &str) -> Result<Arc<Page>, UpstreamError> {
        let slot = {
            let mut pages = self.pages.lock().unwrap();
            Arc::clone(pages.entry(path.to_owned()).or_default())
        };
        loop {
            if let Some(page) = &*slot.page.lock().unwrap() {
                return Ok(page.clone());
            }
            if !std::mem::replace(&mut *slot.fetching.lock().unwrap(), true) {
                break;
            }
            *slot.waiting.lock().await += 1;
            slot.ended.notified().await;
        }
        let _claim = Claim(&slot);
        let page = Arc::new(self.upstream.get(path).await?);
        *slot.page.lock().unwrap() = Some(page.clone());
        Ok(page)
    }
}
