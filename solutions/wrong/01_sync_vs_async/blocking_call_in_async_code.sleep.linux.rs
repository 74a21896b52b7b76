//! Sleeps after the call, as `time.sleep` would, and blocks the thread for everything else.

use std::{thread, time::Duration};

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    let page = upstream.fetch(path).await;
    thread::sleep(Duration::from_millis(1));
    page.body
}
