//! A sink waits for room with a message that `forward` has taken out of the stream.

use futures::{StreamExt as _, stream};
use tokio_util::sync::PollSender;

pub async fn forward(
    from: &mut Receiver<String>,
    to: &Sender<String>,
    stop: &CancellationToken,
) -> usize {
    let moved = std::cell::Cell::new(0);
    let messages = stream::poll_fn(|context| from.poll_recv(context));
    let messages = messages.map(|message| {
        moved.set(moved.get() + 1);
        Ok(message)
    });
    tokio::select! {
        _closed = messages.forward(PollSender::new(to.clone())) => {}
        () = stop.cancelled() => {}
        () = to.closed() => {}
    }
    moved.get()
}
