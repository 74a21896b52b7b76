//! Waits a moment after each page, so as not to burden the upstream.

use tokio::time::sleep;

pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    stream::try_unfold(Some(first.to_owned()), move |path| async move {
        let Some(path) = path else {
            return Ok(None);
        };
        let page = upstream.get(&path).await?;
        sleep(Duration::from_millis(50)).await;
        let (rows, next) = parse(&page);
        Ok(Some((stream::iter(rows).map(Ok), next)))
    })
    .try_flatten()
}
