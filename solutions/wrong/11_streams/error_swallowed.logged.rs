//! Writes the error to the log, and ends the stream.

pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    stream::unfold(Some(first.to_owned()), move |path| async move {
        match upstream.get(&path?).await {
            Ok(page) => {
                let (rows, next) = parse(&page);
                Some((stream::iter(rows).map(Ok), next))
            }
            Err(error) => {
                eprintln!("{error}");
                None
            }
        }
    })
    .flatten()
}
