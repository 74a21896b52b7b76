//! Looks for a message ten times a second.

pub fn events(feed: broadcast::Receiver<String>) -> Response {
    let events = stream::unfold(feed, |mut feed| async {
        use tokio::sync::broadcast::error::TryRecvError;
        loop {
            let event = match feed.try_recv() {
                Ok(message) => Event::default().data(message),
                Err(TryRecvError::Lagged(missed)) => {
                    Event::default().event("lagged").data(missed.to_string())
                }
                Err(TryRecvError::Closed) => return None,
                Err(TryRecvError::Empty) => {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            };
            return Some((Ok::<_, Infallible>(event), feed));
        }
    });
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(15));
    Sse::new(events).keep_alive(keep_alive).into_response()
}
