//! Streams the events without saying what they are.

use axum::body::Body;
use tokio::time::timeout;

pub fn events(feed: broadcast::Receiver<String>) -> Response {
    let events = stream::unfold(feed, |mut feed| async {
        let text = match timeout(Duration::from_secs(15), feed.recv()).await {
            Ok(Ok(message)) => {
                let lines = message.split('\n').map(|line| format!("data: {line}\n"));
                lines.collect::<String>() + "\n"
            }
            Ok(Err(RecvError::Lagged(missed))) => format!("event: lagged\ndata: {missed}\n\n"),
            Ok(Err(RecvError::Closed)) => return None,
            Err(_) => ":\n\n".to_owned(),
        };
        Some((Ok::<_, Infallible>(text), feed))
    });
    Body::from_stream(events).into_response()
}
