//! Returns the page that it has, and fetches it anew in the background.

pub struct Cache {
    upstream: Upstream,
    pages: Arc<Mutex<HashMap<String, Slot>>>,
}

impl Cache {
    pub fn new(upstream: Upstream) -> Self {
        Self {
            upstream,
            pages: Arc::default(),
        }
    }

    pub async fn get_or_fetch(&self, path: &str) -> Result<Arc<Page>, UpstreamError> {
        let slot = self
            .pages
            .lock()
            .unwrap()
            .entry(path.to_owned())
            .or_default()
            .clone();
        if slot.initialized() {
            let (upstream, path, pages) =
                (self.upstream.clone(), path.to_owned(), self.pages.clone());
            tokio::spawn(async move {
                if let Ok(page) = upstream.get(&path).await {
                    pages
                        .lock()
                        .unwrap()
                        .insert(path, Arc::new(OnceCell::new_with(Some(Arc::new(page)))));
                }
            });
        }
        let page = slot
            .get_or_try_init(|| async { self.upstream.get(path).await.map(Arc::new) })
            .await?;
        Ok(Arc::clone(page))
    }
}
