//! Starts the call for the next page as soon as it knows the path, on a task, as a `Task` of C# starts.

pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    let hot = move |path: Option<String>| {
        let path = path?;
        let upstream = upstream.clone();
        let call = async move { upstream.get(&path).await };
        Some(AbortOnDropHandle::new(tokio::spawn(call)))
    };
    let first = first.to_owned();
    let begun = stream::once(async move { hot(Some(first)) });
    begun
        .flat_map(move |call| {
            stream::try_unfold(call, move |call| async move {
                let Some(call) = call else {
                    return Ok(None);
                };
                let page = call.await.expect("the call doesn't panic")?;
                let (rows, next) = parse(&page);
                Ok(Some((stream::iter(rows).map(Ok), hot(next))))
            })
        })
        .try_flatten()
}
