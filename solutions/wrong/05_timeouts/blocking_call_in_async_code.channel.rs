//! Waits for a channel of `std`, which blocks the thread.

use std::sync::mpsc;

pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let (sender, receiver) = mpsc::channel();
    let task = tokio_util::task::AbortOnDropHandle::new(tokio::spawn(async move {
        let _closed = sender.send(work.await);
    }));
    let received = receiver.recv_timeout(limit);
    drop(task);
    received.map_err(|_timeout| GatewayTimeout)
}
