//! Ends after a hundred pages, just in case.

use async_stream::try_stream;
use async_workbook::services::upstream::{Upstream, UpstreamError};
use futures::Stream;

pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    let mut path = Some(first.to_owned());
    try_stream! {
        for _ in 0..100 {
            let Some(at) = path else { break };
            let (rows, next) = parse(&upstream.get(&at).await?);
            for row in rows {
                yield row;
            }
            path = next;
        }
    }
}
