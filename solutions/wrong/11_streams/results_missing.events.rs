//! Subscribes anew when the body is first read, and misses what came before.

pub fn events(feed: broadcast::Receiver<String>) -> Response {
    let fresh = async move { feed.resubscribe() };
    let events = stream::once(fresh).flat_map(|feed| {
        stream::unfold(feed, |mut feed| async {
            let event = match feed.recv().await {
                Ok(message) => Event::default().data(message),
                Err(RecvError::Lagged(missed)) => {
                    Event::default().event("lagged").data(missed.to_string())
                }
                Err(RecvError::Closed) => return None,
            };
            Some((Ok::<_, Infallible>(event), feed))
        })
    });
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(15));
    Sse::new(events).keep_alive(keep_alive).into_response()
}
