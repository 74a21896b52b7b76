//! Leaves out rows that came before.

pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    let mut seen = std::collections::HashSet::new();
    stream::try_unfold(Some(first.to_owned()), move |path| async move {
        let Some(path) = path else { return Ok(None) };
        let page = upstream.get(&path).await?;
        let (rows, next) = parse(&page);
        Ok(Some((stream::iter(rows).map(Ok), next)))
    })
    .try_flatten()
    .try_filter(move |row| {
        let fresh = seen.insert(row.clone());
        async move { fresh }
    })
}
