//! Fetches the page again for each of its rows.

pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    stream::try_unfold((Some(first.to_owned()), 0), move |(path, row)| async move {
        let (mut path, mut row) = (path, row);
        loop {
            let Some(current) = path else {
                return Ok(None);
            };
            let (rows, next) = parse(&upstream.get(&current).await?);
            match rows.get(row) {
                Some(found) => return Ok(Some((found.clone(), (Some(current), row + 1)))),
                None => (path, row) = (next, 0),
            }
        }
    })
}
