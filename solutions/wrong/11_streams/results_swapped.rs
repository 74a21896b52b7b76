//! Takes the rows of a page from the back, with `pop`.

pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    let state = (Vec::new(), Some(first.to_owned()));
    stream::try_unfold(state, move |(mut rows, mut path)| async move {
        loop {
            if let Some(row) = rows.pop() {
                return Ok(Some((row, (rows, path))));
            }
            let Some(current) = path else {
                return Ok(None);
            };
            (rows, path) = parse(&upstream.get(&current).await?);
        }
    })
}
