//! Whoever has seen ten calls of others fail gives up, with the error of the last one.

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

    /// The call for this path that's in flight or has succeeded, or a new one, which is mine.
    fn call(&self, path: &str) -> (Call, bool) {
        let mut calls = self.calls.lock().unwrap();
        match calls.get(path) {
            Some(call) if !matches!(call.peek(), Some(Err(_))) => (call.clone(), false),
            _ => {
                let (upstream, owned) = (self.upstream.clone(), path.to_owned());
                let call = async move { upstream.get(&owned).await.map(Arc::new) }
                    .boxed()
                    .shared();
                calls.insert(path.to_owned(), call.clone());
                (call, true)
            }
        }
    }

    pub async fn get_or_fetch(&self, path: &str) -> Result<Arc<Page>, UpstreamError> {
        let mut failed = 0;
        loop {
            let (call, mine) = self.call(path);
            match call.await {
                Err(_) if !mine && failed < 10 => failed += 1,
                fetched => return fetched,
            }
        }
    }
}
