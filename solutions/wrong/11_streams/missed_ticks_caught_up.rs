//! Counts the 15 s with an `interval`, which makes up for every tick that it missed.

use tokio::time::interval;

pub fn events(feed: broadcast::Receiver<String>) -> Response {
    let state = (feed, None);
    let events = stream::unfold(state, |(mut feed, ticks)| async {
        let mut ticks = ticks.unwrap_or_else(|| {
            let mut ticks = interval(Duration::from_secs(15));
            ticks.reset();
            ticks
        });
        let event = tokio::select! {
            biased;
            received = feed.recv() => {
                ticks.reset();
                match received {
                    Ok(message) => Event::default().data(message),
                    Err(RecvError::Lagged(missed)) => {
                        Event::default().event("lagged").data(missed.to_string())
                    }
                    Err(RecvError::Closed) => return None,
                }
            }
            _ = ticks.tick() => Event::default().comment(""),
        };
        Some((Ok::<_, Infallible>(event), (feed, Some(ticks))))
    });
    Sse::new(events).into_response()
}
