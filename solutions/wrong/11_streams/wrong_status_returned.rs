//! Answers `202 Accepted`, because the events are still to come.

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
    (
        axum::http::StatusCode::ACCEPTED,
        Sse::new(events).keep_alive(KeepAlive::default()),
    )
        .into_response()
}
