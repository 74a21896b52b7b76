//! Ends the body at any error of `recv`, also when messages were dropped.

pub fn events(feed: broadcast::Receiver<String>) -> Response {
    let events = stream::unfold(feed, |mut feed| async {
        let message = feed.recv().await.ok()?;
        Some((Ok::<_, Infallible>(Event::default().data(message)), feed))
    });
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(15));
    Sse::new(events).keep_alive(keep_alive).into_response()
}
