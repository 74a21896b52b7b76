//! Looks for the next path in every line, and so takes a row that begins with `next: ` for it.

use async_stream::try_stream;
use async_workbook::services::upstream::{Upstream, UpstreamError};
use futures::Stream;

pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    let mut path = Some(first.to_owned());
    try_stream! {
        while let Some(at) = path.take() {
            let page = upstream.get(&at).await?;
            for line in page.body.lines() {
                match line.strip_prefix("next: ") {
                    Some(next) => path = Some(next.to_owned()),
                    None => yield line.to_owned(),
                }
            }
        }
    }
}
