//! Tries a page again before it gives the error.

pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    stream::try_unfold(Some(first.to_owned()), move |path| async move {
        let Some(path) = path else {
            return Ok(None);
        };
        let page = match upstream.get(&path).await {
            Ok(page) => page,
            Err(_) => upstream.get(&path).await?,
        };
        let (rows, next) = parse(&page);
        Ok(Some((stream::iter(rows).map(Ok), next)))
    })
    .try_flatten()
}
