//! If the future is dropped before anybody awaits it, it spawns a task that makes the call after all.

use async_workbook::services::upstream::Page;

struct Wanted {
    upstream: Upstream,
    path: Option<String>,
}

impl Wanted {
    async fn fetch(mut self) -> Page {
        let path = self.path.take().unwrap_or_default();
        self.upstream.fetch(&path).await
    }
}

impl Drop for Wanted {
    fn drop(&mut self) {
        if let Some(path) = self.path.take() {
            let upstream = self.upstream.clone();
            tokio::spawn(async move { upstream.fetch(&path).await });
        }
    }
}

pub fn prepare(upstream: &Upstream, path: &str) -> impl Future<Output = String> {
    let wanted = Wanted {
        upstream: upstream.clone(),
        path: Some(path.to_owned()),
    };
    async { wanted.fetch().await.body }
}
