//! Drops messages for which its own channel has no room, and says nothing.

pub fn events(mut feed: broadcast::Receiver<String>) -> Response {
    let (sender, receiver) = tokio::sync::mpsc::channel(16);
    tokio::spawn(async move {
        loop {
            tokio::select! {
                () = sender.closed() => return,
                got = feed.recv() => match got {
                    Ok(message) => { let _ = sender.try_send(Ok::<_, Infallible>(Event::default().data(message))); }
                    Err(RecvError::Lagged(missed)) => { let _ = sender.try_send(Ok(Event::default().event("lagged").data(missed.to_string()))); }
                    Err(RecvError::Closed) => return,
                }
            }
        }
    });
    let events = tokio_stream::wrappers::ReceiverStream::new(receiver);
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(15));
    Sse::new(events).keep_alive(keep_alive).into_response()
}
