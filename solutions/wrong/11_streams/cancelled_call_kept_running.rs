//! Fetches each page on a task of its own, which goes on when the stream is dropped.

pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    stream::try_unfold(Some(first.to_owned()), move |path| async move {
        let Some(path) = path else {
            return Ok(None);
        };
        let upstream = upstream.clone();
        let call = tokio::spawn(async move { upstream.get(&path).await });
        let page = call.await.expect("the call doesn't panic")?;
        let (rows, next) = parse(&page);
        Ok(Some((stream::iter(rows).map(Ok), next)))
    })
    .try_flatten()
}
