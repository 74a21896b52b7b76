//! Returns if there's no room just now.

pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let mut moved = 0;
    let moving = async {
        while let Ok(place) = to.try_reserve() {
            let message = tokio::select! {
                biased;
                () = to.closed() => break,
                message = from.recv() => message,
            };
            let Some(message) = message else { break };
            place.send(message);
            moved += 1;
        }
    };
    stop.run_until_cancelled(moving).await;
    moved
}
