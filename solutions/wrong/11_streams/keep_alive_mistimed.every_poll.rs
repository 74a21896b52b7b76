//! Each poll puts the comment off, whether it sends anything or not.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse as _, Response};
use futures::{FutureExt as _, StreamExt as _, stream};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Sleep, sleep};

pub fn events(feed: broadcast::Receiver<String>) -> Response {
    let mut messages = Box::pin(stream::unfold(feed, |mut feed| async move {
        let event = match feed.recv().await {
            Ok(message) => Event::default().data(message),
            Err(RecvError::Lagged(missed)) => {
                Event::default().event("lagged").data(missed.to_string())
            }
            Err(RecvError::Closed) => return None,
        };
        Some((event, feed))
    }));
    let mut quiet: Option<Pin<Box<Sleep>>> = None;
    let events = stream::poll_fn(move |context| {
        if let Poll::Ready(event) = messages.poll_next_unpin(context) {
            quiet = None;
            return Poll::Ready(event.map(Ok::<_, Infallible>));
        }
        let elapsed = quiet.as_ref().is_some_and(|quiet| quiet.is_elapsed());
        if elapsed {
            quiet = None;
            return Poll::Ready(Some(Ok(Event::default().comment(""))));
        }
        let quiet = quiet.get_or_insert_with(|| Box::pin(sleep(Duration::from_secs(15))));
        let later = tokio::time::Instant::now() + Duration::from_secs(15);
        quiet.as_mut().reset(later);
        match quiet.poll_unpin(context) {
            Poll::Ready(()) => Poll::Ready(Some(Ok(Event::default().comment("")))),
            Poll::Pending => Poll::Pending,
        }
    });
    Sse::new(events).into_response()
}
