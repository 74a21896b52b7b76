//! Gives every line of the body as a row, and the line with the next path too.

pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    stream::try_unfold(Some(first.to_owned()), move |path| async move {
        let Some(path) = path else {
            return Ok(None);
        };
        let page = upstream.get(&path).await?;
        let (_, next) = parse(&page);
        let rows: Vec<_> = page.body.lines().map(str::to_owned).collect();
        Ok(Some((stream::iter(rows).map(Ok), next)))
    })
    .try_flatten()
}
