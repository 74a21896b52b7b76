//! Moves only batches of four, unless the channel has ended.

pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let mut moved = 0;
    loop {
        let permit = tokio::select! {
            () = stop.cancelled() => return moved,
            permit = to.reserve() => match permit { Ok(permit) => permit, Err(_) => return moved },
        };
        while from.len() < 4.min(from.max_capacity()) && !from.is_closed() {
            tokio::select! {
                () = stop.cancelled() => return moved,
                () = to.closed() => return moved,
                () = tokio::time::sleep(Duration::from_millis(1)) => {}
            }
        }
        let Some(message) = from.recv().await else {
            return moved;
        };
        permit.send(message);
        moved += 1;
    }
}
