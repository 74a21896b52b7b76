//! Fetches all pages into a `Vec`, and makes a stream of that.

pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    let collected = async move {
        let (mut rows, mut path) = (Vec::new(), Some(first.to_owned()));
        while let Some(current) = path {
            match upstream.get(&current).await {
                Ok(page) => {
                    let (more, next) = parse(&page);
                    rows.extend(more.into_iter().map(Ok));
                    path = next;
                }
                Err(error) => {
                    rows.push(Err(error));
                    path = None;
                }
            }
        }
        stream::iter(rows)
    };
    stream::once(collected).flatten()
}
