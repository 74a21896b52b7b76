//! Ends the stream when a page names no other, and forgets the rows of that page.

pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    stream::try_unfold(first.to_owned(), move |path| async move {
        let (rows, next) = parse(&upstream.get(&path).await?);
        Ok(next.map(|next| (stream::iter(rows).map(Ok), next)))
    })
    .try_flatten()
}
