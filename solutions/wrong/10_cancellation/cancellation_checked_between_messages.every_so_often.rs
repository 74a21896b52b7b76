//! It looks at the token every 100 ms.

pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let mut moved = 0;
    while !stop.is_cancelled() {
        let one = async {
            let place = to.reserve().await.ok()?;
            tokio::select! {
                biased;
                () = to.closed() => None,
                message = from.recv() => message.map(|message| place.send(message)),
            }
        };
        match timeout(Duration::from_millis(100), one).await {
            Ok(Some(())) => moved += 1,
            Ok(None) => break,
            Err(_elapsed) => {}
        }
    }
    moved
}
