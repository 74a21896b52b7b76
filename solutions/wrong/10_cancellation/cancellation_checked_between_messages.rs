//! It looks at the token between two messages, and a wait has no end.

pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let mut moved = 0;
    while !stop.is_cancelled() {
        let Ok(place) = to.reserve().await else { break };
        let Some(message) = from.recv().await else {
            break;
        };
        place.send(message);
        moved += 1;
    }
    moved
}
