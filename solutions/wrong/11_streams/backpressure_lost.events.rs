//! A task puts every message into an unbounded channel, whether the client reads or not.

use tokio::sync::mpsc;

pub fn events(mut feed: broadcast::Receiver<String>) -> Response {
    let (sender, mut events) = mpsc::unbounded_channel();
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
                if sender.send(Ok::<_, Infallible>(event)).is_err() {
                    return;
                }
            }
        };
        tokio::select! {
            () = forward => {}
            () = sender.closed() => {}
        }
    });
    let events = stream::poll_fn(move |context| events.poll_recv(context));
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(15));
    Sse::new(events).keep_alive(keep_alive).into_response()
}
