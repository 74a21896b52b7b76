//! When there is no room for a while, it sends a copy, and the first one arrives as well.

pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let mut moved = 0;
    let moving = async {
        while let Some(message) = from.recv().await {
            let first = tokio::spawn({
                let (to, message) = (to.clone(), message.clone());
                async move { to.send(message).await.is_ok() }
            });
            if timeout(Duration::from_millis(5), first).await.is_err() {
                let _closed = to.send(message).await;
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
