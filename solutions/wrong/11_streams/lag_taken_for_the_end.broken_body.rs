//! Passes the error on as an error of the body, which breaks the connection.

pub fn events(feed: broadcast::Receiver<String>) -> Response {
    let events = stream::unfold(feed, |mut feed| async {
        match feed.recv().await {
            Ok(message) => Some((Ok(Event::default().data(message)), feed)),
            Err(RecvError::Closed) => None,
            Err(lagged) => Some((Err(lagged), feed)),
        }
    });
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(15));
    Sse::new(events).keep_alive(keep_alive).into_response()
}
