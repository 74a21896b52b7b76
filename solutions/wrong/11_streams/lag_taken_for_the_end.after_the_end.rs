//! Once the feed has ended, it takes a gap for the end too, and drops what is left.

use std::convert::Infallible;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures::stream;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

pub fn events(feed: broadcast::Receiver<String>) -> Response {
    let events = stream::unfold(feed, |mut feed| async move {
        let event = match feed.recv().await {
            Ok(message) => Event::default().data(message),
            Err(RecvError::Lagged(_)) if feed.is_closed() => return None,
            Err(RecvError::Lagged(missed)) => {
                Event::default().event("lagged").data(missed.to_string())
            }
            Err(RecvError::Closed) => return None,
        };
        Some((Ok::<_, Infallible>(event), feed))
    });
    Sse::new(events)
        .keep_alive(KeepAlive::default())
        .into_response()
}
