//! Skips empty messages.

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
        tokio::select! {
            () = stop.cancelled() => return moved,
            () = to.closed() => return moved,
            message = from.recv() => {
                let Some(message) = message else { return moved };
                if message.is_empty() { continue; }
                permit.send(message);
                moved += 1;
            }
        }
    }
}
