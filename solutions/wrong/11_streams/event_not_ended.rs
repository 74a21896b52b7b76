//! Writes no blank line after the data.

use axum::{body::Body, http::header::CONTENT_TYPE};
use tokio::time::timeout;

pub fn events(feed: broadcast::Receiver<String>) -> Response {
    let events = stream::unfold(feed, |mut feed| async {
        let text = match timeout(Duration::from_secs(15), feed.recv()).await {
            Ok(Ok(message)) => format!("data: {message}\n"),
            Ok(Err(RecvError::Lagged(missed))) => format!("event: lagged\ndata: {missed}\n\n"),
            Ok(Err(RecvError::Closed)) => return None,
            Err(_) => ":\n\n".to_owned(),
        };
        Some((Ok::<_, Infallible>(text), feed))
    });
    (
        [(CONTENT_TYPE, "text/event-stream")],
        Body::from_stream(events),
    )
        .into_response()
}
