//! Makes one more call each time that `after` has passed. The slower the upstream, the more work it gets.

use futures::{StreamExt as _, stream::FuturesUnordered};

pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    let mut calls = FuturesUnordered::from_iter([call()]);
    loop {
        match timeout(after, calls.next()).await {
            Ok(page) => return page.expect("a call is under way"),
            Err(_elapsed) => calls.push(call()),
        }
    }
}
