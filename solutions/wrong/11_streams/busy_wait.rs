//! Asks again after any error, and the feed that has ended answers at once.

pub fn events(feed: broadcast::Receiver<String>) -> Response {
    let events = stream::unfold(feed, |mut feed| async {
        loop {
            let event = match feed.recv().await {
                Ok(message) => Event::default().data(message),
                Err(RecvError::Lagged(missed)) => {
                    Event::default().event("lagged").data(missed.to_string())
                }
                Err(_) => continue,
            };
            return Some((Ok::<_, Infallible>(event), feed));
        }
    });
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(15));
    Sse::new(events).keep_alive(keep_alive).into_response()
}
