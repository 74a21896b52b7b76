//! Returns an empty page if there is none.

pub async fn first_ok(upstream: &Upstream, paths: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    let mut calls: FuturesUnordered<_> = paths.iter().map(|path| upstream.get(path)).collect();
    while let Some(result) = calls.next().await {
        if let Ok(page) = result {
            return Ok(page);
        }
    }
    match paths {
        [] => Err(Vec::new()),
        [path, ..] => Ok(Page {
            path: (*path).to_owned(),
            body: String::new(),
        }),
    }
}
