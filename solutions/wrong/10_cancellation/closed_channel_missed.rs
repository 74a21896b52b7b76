//! While it waits for a message, it doesn't notice that nobody wants one.

pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let mut moved = 0;
    let moving = async {
        while let Ok(place) = to.reserve().await {
            let Some(message) = from.recv().await else {
                break;
            };
            place.send(message);
            moved += 1;
        }
    };
    stop.run_until_cancelled(moving).await;
    moved
}
