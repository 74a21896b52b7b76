//! Drops the second call if it has no answer after `after` either.

use std::future::pending;

pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    let mut first = pin!(call());
    if let Ok(page) = timeout(after, &mut first).await {
        return page;
    }
    let second = async {
        match timeout(after, call()).await {
            Ok(page) => page,
            Err(_elapsed) => pending().await,
        }
    };
    tokio::select! {
        page = first => page,
        page = second => page,
    }
}
