//! Moves on a task, with the receiver taken out of its place, and puts it back at the end.

pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let (_, empty) = tokio::sync::mpsc::channel(1);
    let mut mine = std::mem::replace(from, empty);
    let (to, stop) = (to.clone(), stop.clone());
    let (mine, moved) = tokio::spawn(async move {
        let mut moved = 0;
        loop {
            let Some(Ok(permit)) = stop.run_until_cancelled(to.reserve()).await else {
                return (mine, moved);
            };
            tokio::select! {
                () = stop.cancelled() => return (mine, moved),
                () = to.closed() => return (mine, moved),
                message = mine.recv() => {
                    let Some(message) = message else { return (mine, moved) };
                    permit.send(message);
                    moved += 1;
                }
            }
        }
    })
    .await
    .expect("it does not panic");
    *from = mine;
    moved
}
