//! The task is spawned when the first row is asked for, and runs ahead from then on.

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    let (upstream, first) = (upstream.clone(), first.to_owned());
    let begun = async move {
        let (sender, rows) = mpsc::channel(1);
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
    };
    stream::once(begun).flatten()
}
