//! The guard of a `match` on a locked value lives to the end of the `match`, and the call is in there.

use tokio::sync::Mutex as AsyncMutex;

pub struct Cache {
    upstream: Upstream,
    pages: AsyncMutex<HashMap<String, Arc<OnceCell<Arc<Page>>>>>,
}

impl Cache {
    pub fn new(upstream: Upstream) -> Self {
        Self {
            upstream,
            pages: AsyncMutex::default(),
        }
    }

    pub async fn get_or_fetch(&self, path: &str) -> Result<Arc<Page>, UpstreamError> {
        match self.pages.lock().await.entry(path.to_owned()).or_default() {
            slot => {
                let call = async || self.upstream.get(path).await.map(Arc::new);
                Ok(slot.get_or_try_init(call).await?.clone())
            }
        }
    }
}
