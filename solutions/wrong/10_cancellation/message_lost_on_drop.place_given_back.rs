//! Waits for room, gives the place back, and sends: by then, another sender may have the place.

pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let mut moved = 0;
    let moving = async {
        while let Ok(place) = to.reserve().await {
            drop(place);
            let message = tokio::select! {
                biased;
                () = to.closed() => break,
                message = from.recv() => message,
            };
            let Some(message) = message else { break };
            if to.send(message).await.is_err() {
                break;
            }
            moved += 1;
        }
    };
    stop.run_until_cancelled(moving).await;
    moved
}
