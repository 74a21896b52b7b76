//! Sends with `select!` over `closed`, and the message is lost if `to` closes.

pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let mut moved = 0;
    loop {
        if to.is_closed() {
            return moved;
        }
        let permit = tokio::select! {
            () = stop.cancelled() => return moved,
            permit = to.reserve() => match permit { Ok(permit) => permit, Err(_) => return moved },
        };
        let message = tokio::select! {
            biased;
            message = from.recv() => message,
            () = stop.cancelled() => return moved,
            () = to.closed() => return moved,
        };
        let Some(message) = message else { return moved };
        drop(permit);
        if to.try_send(message).is_err() {
            return moved;
        }
        moved += 1;
    }
}
