//! Looks for messages every 10 ms.

use tokio::{sync::mpsc::error::TryRecvError, time::sleep};

pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let mut moved = 0;
    let moving = async {
        while let Ok(place) = to.reserve().await {
            match from.try_recv() {
                Ok(message) => {
                    place.send(message);
                    moved += 1;
                }
                Err(TryRecvError::Disconnected) => break,
                Err(TryRecvError::Empty) => tokio::select! {
                    () = to.closed() => break,
                    () = sleep(Duration::from_millis(10)) => {}
                },
            }
        }
    };
    stop.run_until_cancelled(moving).await;
    moved
}
