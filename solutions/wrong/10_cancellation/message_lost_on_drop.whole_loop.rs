//! The loop takes a message and waits for room with it. Ended from outside, it drops the message.

pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let mut moved = 0;
    let moving = async {
        while let Some(message) = from.recv().await {
            if to.send(message).await.is_err() {
                break;
            }
            moved += 1;
        }
    };
    tokio::select! {
        () = moving => {}
        () = stop.cancelled() => {}
        () = to.closed() => {}
    }
    moved
}
