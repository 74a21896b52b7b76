//! Keeps the path of the next page in its state, and not the rows that are left.

pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    stream::try_unfold(Some(first.to_owned()), move |path| async move {
        let Some(path) = path else {
            return Ok(None);
        };
        let (rows, next) = parse(&upstream.get(&path).await?);
        Ok(rows.into_iter().next().map(|row| (row, next)))
    })
}
