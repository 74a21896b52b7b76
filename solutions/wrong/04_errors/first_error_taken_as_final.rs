//! `select_all` ends with the first call that ends, whether it succeeded or failed.

use futures::future::select_all;

pub async fn first_ok(upstream: &Upstream, paths: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    if paths.is_empty() {
        return Err(Vec::new());
    }
    let calls = paths.iter().map(|path| Box::pin(upstream.get(path)));
    let (result, _, _others) = select_all(calls).await;
    result.map_err(|error| vec![error])
}
