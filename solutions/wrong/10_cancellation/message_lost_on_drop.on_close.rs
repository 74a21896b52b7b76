//! It stops in time, but when `to` is closed while it waits for room, it has a message in its hands.

pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let mut moved = 0;
    loop {
        let message = tokio::select! {
            biased;
            () = stop.cancelled() => return moved,
            () = to.closed() => return moved,
            message = from.recv() => message,
        };
        let Some(mut message) = message else {
            return moved;
        };
        // Waits until there is room, or it is told to stop. It keeps the message until then.
        while let Err(full) = to.try_send(message) {
            message = full.into_inner();
            tokio::select! {
                () = stop.cancelled() => return moved,
                () = to.closed() => return moved,
                _room = to.reserve() => {}
            }
        }
        moved += 1;
    }
}
