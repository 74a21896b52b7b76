//! It counts a place that it has reserved as a message that it has moved.

pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let mut moved = 0;
    let moving = async {
        while let Ok(place) = to.reserve().await {
            moved += 1;
            let message = tokio::select! {
                biased;
                () = to.closed() => break,
                message = from.recv() => message,
            };
            let Some(message) = message else { break };
            place.send(message);
        }
    };
    stop.run_until_cancelled(moving).await;
    moved
}
