//! When it stops, it keeps the place that it has reserved, so that nobody else takes it.

pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let mut moved = 0;
    while let Some(Ok(place)) = stop.run_until_cancelled(to.clone().reserve_owned()).await {
        let message = tokio::select! {
            biased;
            () = stop.cancelled() => None,
            () = to.closed() => None,
            message = from.recv() => message,
        };
        let Some(message) = message else {
            mem::forget(place);
            break;
        };
        place.send(message);
        moved += 1;
    }
    moved
}
