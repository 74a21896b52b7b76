//! Takes the future for a call in flight, and gives it a second to progress. A `Task` in C# would have begun.

use std::time::Duration;

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    let call = upstream.fetch(path);
    tokio::time::sleep(Duration::from_secs(1)).await;
    call.await.body
}
