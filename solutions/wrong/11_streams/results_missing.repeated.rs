//! Leaves out a message that is the same as the one before.

pub fn events(feed: broadcast::Receiver<String>) -> Response {
    let state = (feed, None);
    let events = stream::unfold(state, |(mut feed, mut last)| async {
        loop {
            let event = match feed.recv().await {
                Ok(message) if last.as_ref() == Some(&message) => continue,
                Ok(message) => {
                    last = Some(message.clone());
                    Event::default().data(message)
                }
                Err(RecvError::Lagged(missed)) => {
                    Event::default().event("lagged").data(missed.to_string())
                }
                Err(RecvError::Closed) => return None,
            };
            return Some((Ok::<_, Infallible>(event), (feed, last)));
        }
    });
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(15));
    Sse::new(events).keep_alive(keep_alive).into_response()
}
