//! It takes several messages at once, and sends the last of them first.

pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let mut moved = 0;
    let moving = async {
        let mut messages = Vec::new();
        while from.recv_many(&mut messages, 8).await > 0 {
            while let Some(message) = messages.pop() {
                if to.send(message).await.is_err() {
                    return;
                }
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
