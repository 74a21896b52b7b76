//! The message is taken first, and is inside the `send` that the `select!` drops.

pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let mut moved = 0;
    loop {
        let message = tokio::select! {
            () = stop.cancelled() => return moved,
            () = to.closed() => return moved,
            message = from.recv() => message,
        };
        let Some(message) = message else { return moved };
        tokio::select! {
            () = stop.cancelled() => return moved,
            sent = to.send(message) => if sent.is_err() {
                return moved;
            },
        }
        moved += 1;
    }
}
