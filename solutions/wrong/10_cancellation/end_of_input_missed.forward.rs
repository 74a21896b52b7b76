//! A pattern that doesn't match takes its branch out, so the end of `from` goes unnoticed.

pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let mut moved = 0;
    loop {
        let place = tokio::select! {
            biased;
            () = stop.cancelled() => return moved,
            place = to.reserve() => place,
        };
        let Ok(place) = place else { return moved };
        tokio::select! {
            biased;
            () = stop.cancelled() => return moved,
            () = to.closed() => return moved,
            Some(message) = from.recv() => place.send(message),
        }
        moved += 1;
    }
}
