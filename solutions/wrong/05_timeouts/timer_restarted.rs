//! Makes a new timer at every poll: as long as something happens now and then, the limit never comes.

use std::{future::poll_fn, task::Poll};

use tokio::time::Instant;

pub async fn within<T, F>(limit: Duration, work: F) -> Result<T, GatewayTimeout>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let mut work = pin!(work);
    let mut timer = pin!(sleep(limit));
    poll_fn(|cx| {
        if let Poll::Ready(output) = work.as_mut().poll(cx) {
            return Poll::Ready(Ok(output));
        }
        if timer.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(GatewayTimeout));
        }
        timer.as_mut().reset(Instant::now() + limit);
        timer.as_mut().poll(cx).map(|()| Err(GatewayTimeout))
    })
    .await
}
