//! Ends the stream when a page can't be fetched, with `ok()?`.

pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    stream::unfold(Some(first.to_owned()), move |path| async move {
        let page = upstream.get(&path?).await.ok()?;
        let (rows, next) = parse(&page);
        Some((stream::iter(rows).map(Ok), next))
    })
    .flatten()
}
