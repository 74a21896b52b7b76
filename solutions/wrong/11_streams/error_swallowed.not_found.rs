//! A page that isn't there is taken for the end of the list.

use async_stream::stream;
use async_workbook::services::upstream::{Upstream, UpstreamError};
use futures::Stream;

pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    let mut path = Some(first.to_owned());
    stream! {
        while let Some(at) = path {
            let page = match upstream.get(&at).await {
                Ok(page) => page,
                Err(UpstreamError::Status { status: 404, .. }) => return,
                Err(error) => {
                    yield Err(error);
                    return;
                }
            };
            let (rows, next) = parse(&page);
            for row in rows {
                yield Ok(row);
            }
            path = next;
        }
    }
}
