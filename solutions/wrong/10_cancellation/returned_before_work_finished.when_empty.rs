//! Returns if there is no message.

pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let mut moved = 0;
    loop {
        tokio::select! {
            () = stop.cancelled() => return moved,
            permit = to.reserve() => {
                let Ok(permit) = permit else { return moved };
                let Ok(message) = from.try_recv() else { return moved };
                permit.send(message);
                moved += 1;
            }
        }
    }
}
