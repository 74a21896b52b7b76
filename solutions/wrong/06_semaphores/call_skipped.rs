//! If a path is being fetched already, waits for that answer and makes no call.

use std::{collections::HashMap, sync::Mutex};

use futures::{
    FutureExt as _,
    future::{BoxFuture, WeakShared},
};

type Getting = WeakShared<BoxFuture<'static, Result<Page, UpstreamError>>>;

#[derive(Clone)]
pub struct Limited {
    upstream: Upstream,
    permits: Arc<Semaphore>,
    under_way: Arc<Mutex<HashMap<String, Getting>>>,
}

impl Limited {
    pub fn new(upstream: Upstream, limit: NonZeroUsize) -> Self {
        Self {
            upstream,
            permits: Arc::new(Semaphore::new(limit.get())),
            under_way: Arc::default(),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let getting = {
            let mut under_way = self
                .under_way
                .lock()
                .expect("nobody panics under this lock");
            match under_way.get(path).and_then(WeakShared::upgrade) {
                Some(getting) => getting,
                None => {
                    let (client, asked) = (self.clone(), path.to_owned());
                    let getting = async move {
                        let _permit = client.permits.acquire().await.expect("it is never closed");
                        client.upstream.get(&asked).await
                    };
                    let getting = getting.boxed().shared();
                    under_way.extend(getting.downgrade().map(|weak| (path.to_owned(), weak)));
                    getting
                }
            }
        };
        getting.await
    }
}
