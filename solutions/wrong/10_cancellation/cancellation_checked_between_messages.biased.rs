//! With `biased`, the stop comes last, and messages that keep coming starve it.

pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let mut moved = 0;
    loop {
        let permit = tokio::select! {
            biased;
            permit = to.reserve() => match permit { Ok(permit) => permit, Err(_) => return moved },
            () = stop.cancelled() => return moved,
        };
        tokio::select! {
                    biased;
                    message = from.recv() => {
                        let Some(message) = message else { return moved };
                        permit.send(message);
                        moved += 1;
        }
                    () = to.closed() => return moved,
                    () = stop.cancelled() => return moved,
                }
    }
}
