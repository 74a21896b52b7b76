//! Looks at `is_closed` of the receiver, and leaves what is still in it.

pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let mut moved = 0;
    loop {
        if from.is_closed() {
            return moved;
        }
        let permit = tokio::select! {
            () = stop.cancelled() => return moved,
            permit = to.reserve() => match permit { Ok(permit) => permit, Err(_) => return moved },
        };
        tokio::select! {
                    () = stop.cancelled() => return moved,
                    () = to.closed() => return moved,
                    message = from.recv() => {
                        let Some(message) = message else { return moved };
                        permit.send(message);
                        moved += 1;
        }
                }
    }
}
