//! Sends a comment every 15 s, however lately it has sent an event.

use tokio::time::{MissedTickBehavior, interval};

pub fn events(feed: broadcast::Receiver<String>) -> Response {
    let state = (feed, None);
    let events = stream::unfold(state, |(mut feed, ticks)| async {
        let mut ticks = ticks.unwrap_or_else(|| {
            let mut ticks = interval(Duration::from_secs(15));
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            ticks.reset();
            ticks
        });
        let event = tokio::select! {
            biased;
            received = feed.recv() => match received {
                Ok(message) => Event::default().data(message),
                Err(RecvError::Lagged(missed)) => {
                    Event::default().event("lagged").data(missed.to_string())
                }
                Err(RecvError::Closed) => return None,
            },
            _ = ticks.tick() => Event::default().comment(""),
        };
        Some((Ok::<_, Infallible>(event), (feed, Some(ticks))))
    });
    Sse::new(events).into_response()
}
