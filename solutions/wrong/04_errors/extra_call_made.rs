//! Repeats a call that failed. Whether that's allowed is for the caller to say: chapter 05.

pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    let calls = paths.iter().map(|&path| async move {
        let mut result = upstream.get(path).await;
        if result.is_err() {
            result = upstream.get(path).await;
        }
        result.map_err(|error| Failed {
            path: path.to_owned(),
            error,
        })
    });
    join_all(calls).await
}
