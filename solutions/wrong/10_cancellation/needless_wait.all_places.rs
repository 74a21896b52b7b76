//! Waits until `to` is empty.

pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let mut moved = 0;
    loop {
        let mut permits = tokio::select! {
            () = stop.cancelled() => return moved,
            permits = to.reserve_many(to.max_capacity()) => match permits { Ok(permits) => permits, Err(_) => return moved },
        };
        tokio::select! {
            () = stop.cancelled() => return moved,
            () = to.closed() => return moved,
            message = from.recv() => {
                let Some(message) = message else { return moved };
                permits.next().expect("it has one").send(message);
                moved += 1;
            }
        }
    }
}
