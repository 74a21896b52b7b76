//! Gives up slow calls after an hour, and makes up a 504.

use std::time::Duration;
use tokio::time::timeout;

pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    let calls = paths.iter().map(|path| async move {
        (
            path.to_string(),
            timeout(Duration::from_secs(3600), upstream.get(path)).await,
        )
    });
    join_all(calls)
        .await
        .into_iter()
        .map(|(path, r)| match r {
            Ok(r) => r.map_err(|error| Failed { path, error }),
            Err(_) => Err(Failed {
                error: UpstreamError::Status {
                    path: path.clone(),
                    status: 504,
                },
                path,
            }),
        })
        .collect()
}
