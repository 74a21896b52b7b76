//! The wait for a message can be stopped, and the wait for room can't.

pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let mut moved = 0;
    while let Ok(place) = to.reserve().await {
        let message = tokio::select! {
            biased;
            () = stop.cancelled() => break,
            () = to.closed() => break,
            message = from.recv() => message,
        };
        let Some(message) = message else { break };
        place.send(message);
        moved += 1;
    }
    moved
}
