//! Keeps the path after an error, so the stream gives one error after another.

pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    stream::unfold(Some(first.to_owned()), move |path| async move {
        let path = path?;
        match upstream.get(&path).await {
            Ok(page) => {
                let (rows, next) = parse(&page);
                let rows: Vec<_> = rows.into_iter().map(Ok).collect();
                Some((stream::iter(rows), next))
            }
            Err(error) => Some((stream::iter(vec![Err(error)]), Some(path))),
        }
    })
    .flatten()
}
