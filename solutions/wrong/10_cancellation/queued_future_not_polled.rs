//! When it is told to stop, it hands over one more message, behind its own place in the queue, which nobody polls.

pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let mut moved = 0;
    loop {
        let mut room = std::pin::pin!(to.reserve());
        let place = tokio::select! {
            biased;
            place = &mut room => place,
            () = stop.cancelled() => {
                if let Some(message) = from.recv().await
                    && to.send(message).await.is_ok()
                {
                    moved += 1;
                }
                return moved;
            }
        };
        let Ok(place) = place else { return moved };
        let message = tokio::select! {
            biased;
            () = stop.cancelled() => return moved,
            () = to.closed() => return moved,
            message = from.recv() => message,
        };
        let Some(message) = message else { return moved };
        place.send(message);
        moved += 1;
    }
}
