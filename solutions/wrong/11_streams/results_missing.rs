//! Takes a page without rows for the last.

pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    stream::try_unfold(Some(first.to_owned()), move |path| async move {
        let Some(path) = path else {
            return Ok(None);
        };
        let (rows, next) = parse(&upstream.get(&path).await?);
        if rows.is_empty() {
            return Ok(None);
        }
        Ok(Some((stream::iter(rows).map(Ok), next)))
    })
    .try_flatten()
}
