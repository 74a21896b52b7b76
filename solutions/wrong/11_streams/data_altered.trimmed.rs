//! Takes the spaces off each row.

pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    stream::try_unfold(Some(first.to_owned()), move |path| async move {
        let Some(path) = path else { return Ok(None) };
        let page = upstream.get(&path).await?;
        let (rows, next) = parse(&page);
        let rows: Vec<String> = rows.into_iter().map(|row| row.trim().to_owned()).collect();
        Ok(Some((stream::iter(rows).map(Ok), next)))
    })
    .try_flatten()
}
