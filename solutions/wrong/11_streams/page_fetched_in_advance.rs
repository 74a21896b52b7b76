//! A task fetches the pages and sends the rows through a channel: it begins at once, and runs ahead.

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    let (sender, rows) = mpsc::channel(1);
    let (upstream, first) = (upstream.clone(), first.to_owned());
    tokio::spawn(async move {
        let mut path = Some(first);
        while let Some(current) = path {
            match upstream.get(&current).await {
                Ok(page) => {
                    let (more, next) = parse(&page);
                    for row in more {
                        if sender.send(Ok(row)).await.is_err() {
                            return;
                        }
                    }
                    path = next;
                }
                Err(error) => {
                    sender.send(Err(error)).await.ok();
                    return;
                }
            }
        }
    });
    ReceiverStream::new(rows)
}
