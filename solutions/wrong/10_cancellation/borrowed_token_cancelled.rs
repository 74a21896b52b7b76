//! `drop_guard` of a clone cancels the token itself, for everybody who waits for it.

pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let stop = stop.clone();
    let _guard = stop.clone().drop_guard();
    let mut moved = 0;
    let moving = async {
        while let Ok(place) = to.reserve().await {
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
