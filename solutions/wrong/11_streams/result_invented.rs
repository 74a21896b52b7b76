//! Keeps the connection alive with an event, which the page takes for a message.

pub fn events(feed: broadcast::Receiver<String>) -> Response {
    let events = stream::unfold(feed, |mut feed| async {
        let event = match feed.recv().await {
            Ok(message) => Event::default().data(message),
            Err(RecvError::Lagged(missed)) => {
                Event::default().event("lagged").data(missed.to_string())
            }
            Err(RecvError::Closed) => return None,
        };
        Some((Ok::<_, Infallible>(event), feed))
    });
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(15));
    let ping = Event::default().data("ping");
    Sse::new(events)
        .keep_alive(keep_alive.event(ping))
        .into_response()
}
