//! Takes the future for a call that is under way, and gives it a second to get on. A `Task` in C# would
//! have begun.

use std::time::Duration;

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    let call = upstream.fetch(path);
    tokio::time::sleep(Duration::from_secs(1)).await;
    call.await.body
}
