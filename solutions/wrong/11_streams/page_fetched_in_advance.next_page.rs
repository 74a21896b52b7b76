//! Fetches the next page before it hands on the rows of this one, to have it ready.

pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    let begun = async move { Some(upstream.get(first).await) };
    stream::once(begun)
        .flat_map(move |page| {
            stream::unfold(page, move |page| async move {
                match page? {
                    Ok(page) => {
                        let (rows, next) = parse(&page);
                        let next = match next {
                            Some(path) => Some(upstream.get(&path).await),
                            None => None,
                        };
                        Some((
                            stream::iter(rows.into_iter().map(Ok).collect::<Vec<_>>()),
                            next,
                        ))
                    }
                    Err(error) => Some((stream::iter(vec![Err(error)]), None)),
                }
            })
        })
        .flatten()
}
