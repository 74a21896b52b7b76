//! A task forwards the feed, and learns that the client has left when the next message comes.

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

pub fn events(mut feed: broadcast::Receiver<String>) -> Response {
    let (sender, events) = mpsc::channel(8);
    tokio::spawn(async move {
        loop {
            let event = match feed.recv().await {
                Ok(message) => Event::default().data(message),
                Err(RecvError::Lagged(missed)) => {
                    Event::default().event("lagged").data(missed.to_string())
                }
                Err(RecvError::Closed) => return,
            };
            if sender.send(Ok::<_, Infallible>(event)).await.is_err() {
                return;
            }
        }
    });
    let events = ReceiverStream::new(events);
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(15));
    Sse::new(events).keep_alive(keep_alive).into_response()
}
