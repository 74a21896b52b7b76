//! After a pause, `Skip` gives a late tick, and the next one in the old rhythm, soon after.

use std::convert::Infallible;
use std::time::Duration;

use async_stream::stream;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse as _, Response};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

pub fn events(mut feed: broadcast::Receiver<String>) -> Response {
    let events = stream! {
        let period = Duration::from_secs(15);
        let mut ticks = interval_at(Instant::now() + period, period);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            yield Ok::<_, Infallible>(tokio::select! {
                biased;
                message = feed.recv() => match message {
                    Ok(message) => { ticks.reset(); Event::default().data(message) }
                    Err(RecvError::Lagged(missed)) => { ticks.reset(); Event::default().event("lagged").data(missed.to_string()) }
                    Err(RecvError::Closed) => return,
                },
                _ = ticks.tick() => Event::default().comment(""),
            });
        }
    };
    Sse::new(events).into_response()
}
