//! Chapter 01, sync and async: the reference solution.

use async_workbook::services::upstream::Upstream;

/// `fetch` makes the future, and `.await` polls it: each time that it has to wait, this function returns
/// the thread to the runtime, and goes on from here when the page has come.
pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    upstream.fetch(path).await.body
}

/// An `.await` in a loop is a stop: the next path is not asked for before this page is there. Where calls
/// must follow one another, that is what is wanted.
pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    let mut bodies = Vec::with_capacity(paths.len());
    for path in paths {
        bodies.push(fetch_one(upstream, path).await);
    }
    bodies
}

/// An `async` block is a future: nothing in it runs until it is polled. `move` has it take the two references
/// along, since it is awaited after this function has returned.
///
/// `async fn prepare(upstream: &Upstream, path: &str) -> String` would be the same function: that is what
/// `async fn` stands for.
#[expect(
    clippy::manual_async_fn,
    reason = "here it is to be seen that a function returns the future"
)]
pub fn prepare(upstream: &Upstream, path: &str) -> impl Future<Output = String> {
    async move { fetch_one(upstream, path).await }
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_sync_vs_async::grade!();
