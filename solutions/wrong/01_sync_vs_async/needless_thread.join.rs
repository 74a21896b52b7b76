//! A thread makes the call, and the runtime's thread blocks until it ends.

use std::thread;

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    thread::scope(|scope| {
        let call = scope.spawn(|| upstream.fetch_blocking(path));
        call.join().expect("the call does not panic").body
    })
}
