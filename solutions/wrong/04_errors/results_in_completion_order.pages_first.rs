//! Puts the pages first, and the errors after them.

pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    let v = join_all(paths.iter().map(|p| async move {
        upstream.get(p).await.map_err(|error| Failed {
            path: p.to_string(),
            error,
        })
    }))
    .await;
    let (a, b): (Vec<_>, Vec<_>) = v.into_iter().partition(Result::is_ok);
    a.into_iter().chain(b).collect()
}
