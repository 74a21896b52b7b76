//! Takes a page that needs more than 5 s for the end.

pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    stream::try_unfold(Some(first.to_owned()), move |path| async move {
        let Some(path) = path else { return Ok(None) };
        let Ok(page) = tokio::time::timeout(Duration::from_secs(5), upstream.get(&path)).await
        else {
            return Ok(None);
        };
        let (rows, next) = parse(&page?);
        Ok(Some((stream::iter(rows).map(Ok), next)))
    })
    .try_flatten()
}
