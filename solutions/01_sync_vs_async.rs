//! Chapter 01, sync and async: the reference solution.

use async_workbook::services::upstream::Upstream;

/// `fetch` makes the future, and `.await` polls it. Whenever it has to wait, this function gives the thread back to
/// the runtime. It goes on from here when the page arrives.
pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    upstream.fetch(path).await.body
}

/// An `.await` in a loop is a stop: the loop doesn't ask for the next path until this page arrives. If calls must
/// follow one another, that's what you want.
pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    let mut bodies = Vec::with_capacity(paths.len());
    for path in paths {
        bodies.push(fetch_one(upstream, path).await);
    }
    bodies
}

/// An `async` block is a future: nothing in it runs until it's polled. With `move` it owns what it uses, here a copy of
/// the two references. A future that's returned must not borrow a variable of the function that returns it.
///
/// `async fn prepare(upstream: &Upstream, path: &str) -> String` would be the same function: that's what `async fn`
/// means.
#[expect(
    clippy::manual_async_fn,
    reason = "this shows that the function returns the future"
)]
pub fn prepare(upstream: &Upstream, path: &str) -> impl Future<Output = String> {
    async move { fetch_one(upstream, path).await }
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_sync_vs_async::grade!();
