//! Closes `from` when it stops, as at the shutdown of a service.

pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let mut moved = 0;
    loop {
        let permit = tokio::select! {
            () = stop.cancelled() => { from.close(); return moved; }
            permit = to.reserve() => match permit {
                Ok(permit) => permit,
                Err(_) => {  return moved; }
            },
        };
        tokio::select! {
            () = stop.cancelled() => { from.close(); return moved; }
            () = to.closed() => {  return moved; }
            message = from.recv() => {
                let Some(message) = message else {  return moved };
                permit.send(message);
                moved += 1;

            }
        }
    }
}
