//! The cell keeps the whole `Result`, and with it an error.

type Fetched = Result<Arc<Page>, UpstreamError>;

pub struct Cache {
    upstream: Upstream,
    pages: Mutex<HashMap<String, Arc<OnceCell<Fetched>>>>,
}

impl Cache {
    pub fn new(upstream: Upstream) -> Self {
        Self {
            upstream,
            pages: Mutex::default(),
        }
    }

    pub async fn get_or_fetch(&self, path: &str) -> Result<Arc<Page>, UpstreamError> {
        let slot = Arc::clone(
            self.pages
                .lock()
                .unwrap()
                .entry(path.to_owned())
                .or_default(),
        );
        let call = || async { self.upstream.get(path).await.map(Arc::new) };
        slot.get_or_init(call).await.clone()
    }
}
