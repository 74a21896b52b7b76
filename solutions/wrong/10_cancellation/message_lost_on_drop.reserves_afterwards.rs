//! It reserves a place, but takes the message first, and has it in a variable while it waits.

pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let mut moved = 0;
    let moving = async {
        while let Some(message) = from.recv().await {
            let Ok(place) = to.reserve().await else { break };
            place.send(message);
            moved += 1;
        }
    };
    tokio::select! {
        () = moving => {}
        () = stop.cancelled() => {}
        () = to.closed() => {}
    }
    moved
}
