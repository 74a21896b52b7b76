//! `select_ok` keeps one error: that of the call that fails last.

use futures::future::select_ok;

pub async fn first_ok(upstream: &Upstream, paths: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    if paths.is_empty() {
        return Err(Vec::new());
    }
    let calls = paths.iter().map(|path| Box::pin(upstream.get(path)));
    match select_ok(calls).await {
        Ok((page, _others)) => Ok(page),
        Err(last) => Err(vec![last]),
    }
}
