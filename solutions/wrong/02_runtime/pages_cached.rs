//! A page is asked for once, and then given from memory for ever.

use std::{collections::HashMap, sync::Mutex};

pub struct BlockingClient {
    upstream: Upstream,
    runtime: Runtime,
    pages: Mutex<HashMap<String, Page>>,
}

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        let runtime = Runtime::new().unwrap();
        Self {
            upstream,
            runtime,
            pages: Mutex::default(),
        }
    }

    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        if let Some(page) = self.pages.lock().unwrap().get(path) {
            return Ok(page.clone());
        }
        let page = self.runtime.block_on(self.upstream.get(path))?;
        self.pages
            .lock()
            .unwrap()
            .insert(path.to_owned(), page.clone());
        Ok(page)
    }
}
