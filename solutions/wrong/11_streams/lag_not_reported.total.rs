//! Counts all messages that were ever missed, and not those since the last event.

use std::convert::Infallible;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures::stream;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

pub fn events(feed: broadcast::Receiver<String>) -> Response {
    let events = stream::unfold((feed, 0), |(mut feed, mut total)| async move {
        let event = match feed.recv().await {
            Ok(message) => Event::default().data(message),
            Err(RecvError::Lagged(missed)) => {
                total += missed;
                Event::default().event("lagged").data(total.to_string())
            }
            Err(RecvError::Closed) => return None,
        };
        Some((Ok::<_, Infallible>(event), (feed, total)))
    });
    Sse::new(events)
        .keep_alive(KeepAlive::default())
        .into_response()
}
