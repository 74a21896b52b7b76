//! After a page without rows, it fetches until it has two.

use async_stream::try_stream;
use async_workbook::services::upstream::{Upstream, UpstreamError};
use futures::Stream;

pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    let mut path = Some(first.to_owned());
    try_stream! {
        while let Some(at) = path {
            let (mut rows, mut next) = parse(&upstream.get(&at).await?);
            if rows.is_empty() {
                while let Some(at) = next.take_if(|_| rows.len() < 2) {
                    let (more, after) = parse(&upstream.get(&at).await?);
                    rows.extend(more);
                    next = after;
                }
            }
            for row in rows {
                yield row;
            }
            path = next;
        }
    }
}
