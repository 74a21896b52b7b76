//! A message for which there is no room is dropped.

pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let mut moved = 0;
    let moving = async {
        while let Some(message) = from.recv().await {
            if to.try_send(message).is_ok() {
                moved += 1;
            }
        }
    };
    tokio::select! {
        () = moving => {}
        () = stop.cancelled() => {}
        () = to.closed() => {}
    }
    moved
}
