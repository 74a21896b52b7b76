//! A place is reserved before it looks whether `to` is closed, and what is sent through it goes nowhere.

pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let mut moved = 0;
    let moving = async {
        // An error says that `to` is closed: then the message that has been taken has nowhere to go.
        while let Some(message) = from.recv().await {
            match to.reserve().await {
                Ok(place) => place.send(message),
                Err(_closed) => break,
            }
            moved += 1;
        }
    };
    stop.run_until_cancelled(moving).await;
    moved
}
