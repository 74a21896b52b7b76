//! A channel with room for a thousand messages for each client.

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

pub fn events(mut feed: broadcast::Receiver<String>) -> Response {
    let (sender, events) = mpsc::channel(1000);
    tokio::spawn(async move {
        let forward = async {
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
        };
        tokio::select! {
            () = forward => {}
            () = sender.closed() => {}
        }
    });
    let events = ReceiverStream::new(events);
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(15));
    Sse::new(events).keep_alive(keep_alive).into_response()
}
