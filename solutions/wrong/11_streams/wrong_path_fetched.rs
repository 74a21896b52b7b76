//! Counts the pages by itself, and takes the first that isn't there for the end.

pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    let folder = first.split('/').next().unwrap_or_default().to_owned();
    stream::try_unfold(1, move |number| {
        let path = format!("{folder}/{number}");
        async move {
            let (rows, _) = parse(&upstream.get(&path).await?);
            Ok(Some((stream::iter(rows).map(Ok), number + 1)))
        }
    })
    .try_flatten()
}
