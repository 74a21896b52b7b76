//! `expect` assumes that no call takes longer than an hour.

use std::time::Duration;
use tokio::time::timeout;

pub async fn all_or_nothing(
    upstream: &Upstream,
    paths: &[&str],
) -> Result<Vec<Page>, UpstreamError> {
    timeout(
        Duration::from_secs(3600),
        try_join_all(paths.iter().map(|path| upstream.get(path))),
    )
    .await
    .expect("in time")
}
