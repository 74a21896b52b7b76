//! Merges the events with a stream of ticks, which never ends.

use tokio_stream::wrappers::IntervalStream;

pub fn events(feed: broadcast::Receiver<String>) -> Response {
    let events = stream::unfold(feed, |mut feed| async {
        let event = match feed.recv().await {
            Ok(message) => Event::default().data(message),
            Err(RecvError::Lagged(missed)) => {
                Event::default().event("lagged").data(missed.to_string())
            }
            Err(RecvError::Closed) => return None,
        };
        Some((Ok::<_, Infallible>(event), feed))
    });
    let mut ticks = tokio::time::interval(Duration::from_secs(15));
    ticks.reset();
    let comments = IntervalStream::new(ticks).map(|_| Ok(Event::default().comment("")));
    Sse::new(stream::select(events, comments)).into_response()
}
