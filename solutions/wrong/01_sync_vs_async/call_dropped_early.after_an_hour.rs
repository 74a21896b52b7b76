//! A timeout that looks long enough for every call.

use std::time::Duration;

use tokio::{select, time::sleep};

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    select! {
        page = upstream.fetch(path) => page.body,
        () = sleep(Duration::from_secs(60 * 60)) => String::new(),
    }
}

pub fn prepare(_: &Upstream, _: &str) -> impl Future<Output = String> {
    async { todo!("another task") }
}
