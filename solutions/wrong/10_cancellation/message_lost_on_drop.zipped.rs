//! `zip` holds a message while it waits for a place.

pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    // moves on a task, aborted with its owner: gets the receiver by proxy
    use futures::{StreamExt as _, stream};
    let mut moved = 0;
    let permits = stream::unfold((), |()| async { to.reserve().await.ok().map(|p| (p, ())) });
    let both = permits.zip(stream::poll_fn(|cx| from.poll_recv(cx)));
    let mut both = std::pin::pin!(both.take_until(futures::future::select(
        Box::pin(stop.cancelled()),
        Box::pin(to.closed())
    )));
    while let Some((place, message)) = both.next().await {
        place.send(message);
        moved += 1;
    }
    moved
}
