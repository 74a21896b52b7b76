//! Splits a message at line feeds, and not at carriage returns.

pub fn events(feed: broadcast::Receiver<String>) -> Response {
    let events = stream::unfold(feed, |mut feed| async {
        let text = match feed.recv().await {
            Ok(message) => {
                message
                    .split('\n')
                    .map(|l| format!("data: {l}\n"))
                    .collect::<String>()
                    + "\n"
            }
            Err(RecvError::Lagged(missed)) => format!("event: lagged\ndata: {missed}\n\n"),
            Err(RecvError::Closed) => return None,
        };
        Some((text, feed))
    });
    let events = Box::pin(events);
    let events = stream::unfold(events, |mut events| async move {
        match tokio::time::timeout(Duration::from_secs(15), events.next()).await {
            Ok(text) => Some((Ok::<_, Infallible>(text?), events)),
            Err(_) => Some((Ok(": \n\n".to_owned()), events)),
        }
    });
    (
        [(axum::http::header::CONTENT_TYPE, "text/event-stream")],
        axum::body::Body::from_stream(events),
    )
        .into_response()
}
