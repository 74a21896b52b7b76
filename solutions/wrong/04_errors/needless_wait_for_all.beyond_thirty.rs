//! `try_join_all` for few calls, and `join_all` for many, which waits for the slowest. `try_join_all` of more
//! than 30 waits too, but only for the calls before the error.

pub async fn all_or_nothing(
    upstream: &Upstream,
    paths: &[&str],
) -> Result<Vec<Page>, UpstreamError> {
    let calls = paths.iter().map(|path| upstream.get(path));
    if paths.len() <= 30 {
        return try_join_all(calls).await;
    }
    join_all(calls).await.into_iter().collect()
}
