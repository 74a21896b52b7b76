//! Keeps the message in a static while it waits for room. Whoever calls next may have other channels.

static IN_HAND: std::sync::Mutex<Option<String>> = std::sync::Mutex::new(None);

fn in_hand() -> std::sync::MutexGuard<'static, Option<String>> {
    IN_HAND.lock().expect("nothing panics under it")
}

pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let mut moved = 0;
    let moving = async {
        loop {
            if in_hand().is_none() {
                let message = tokio::select! {
                    biased;
                    () = to.closed() => break,
                    message = from.recv() => message,
                };
                let Some(message) = message else { break };
                *in_hand() = Some(message);
            }
            let Ok(place) = to.reserve().await else { break };
            place.send(in_hand().take().expect("it's there"));
            moved += 1;
        }
    };
    stop.run_until_cancelled(moving).await;
    moved
}
