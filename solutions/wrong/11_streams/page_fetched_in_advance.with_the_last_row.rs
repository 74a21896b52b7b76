//! Asks for the next page together with the last row of this one.

pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    let state = (Vec::new().into_iter(), Some(first.to_owned()));
    stream::unfold(
        state,
        move |(mut rows, mut path): (std::vec::IntoIter<_>, _)| async move {
            loop {
                if rows.len() > 1 || path.is_none() {
                    let row: Result<String, UpstreamError> = rows.next()?;
                    return Some((row, (rows, path)));
                }
                let left: Vec<_> = rows.collect();
                let more = match upstream.get(&path?).await {
                    Ok(page) => {
                        let (more, next) = parse(&page);
                        path = next;
                        more.into_iter().map(Ok).collect()
                    }
                    Err(error) => {
                        path = None;
                        vec![Err(error)]
                    }
                };
                rows = [left, more]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .into_iter();
            }
        },
    )
}
