//! All callers await clones of one `Shared` call, so all of them get its error.

use futures::{
    FutureExt as _,
    future::{BoxFuture, Shared},
};

type Call = Shared<BoxFuture<'static, Result<Arc<Page>, UpstreamError>>>;

pub struct Cache {
    upstream: Upstream,
    calls: Mutex<HashMap<String, Call>>,
}

impl Cache {
    pub fn new(upstream: Upstream) -> Self {
        Self {
            upstream,
            calls: Mutex::default(),
        }
    }

    pub async fn get_or_fetch(&self, path: &str) -> Result<Arc<Page>, UpstreamError> {
        let call = {
            let mut calls = self.calls.lock().unwrap();
            let call = calls.entry(path.to_owned()).or_insert_with(|| {
                let (upstream, path) = (self.upstream.clone(), path.to_owned());
                async move { upstream.get(&path).await.map(Arc::new) }
                    .boxed()
                    .shared()
            });
            call.clone()
        };
        let fetched = call.await;
        if fetched.is_err() {
            self.calls.lock().unwrap().remove(path);
        }
        fetched
    }
}
