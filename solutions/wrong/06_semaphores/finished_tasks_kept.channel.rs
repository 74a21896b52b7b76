//! Each task sends its outcome, and nobody receives before the last job is spawned.

use std::panic::AssertUnwindSafe;

use futures::FutureExt as _;
use tokio::sync::mpsc;

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let semaphore = Arc::new(Semaphore::new(limit.get()));
    let (send, mut outcomes) = mpsc::unbounded_channel();
    for job in jobs {
        let permit = Arc::clone(&semaphore).acquire_owned();
        let permit = permit.await.expect("it is never closed");
        let send = send.clone();
        tokio::spawn(async move {
            let ended = AssertUnwindSafe(job).catch_unwind().await;
            drop(permit);
            let _nobody_else_receives = send.send(ended);
        });
    }
    drop(send);
    let mut completed = 0;
    while let Some(ended) = outcomes.recv().await {
        completed += usize::from(ended.is_ok());
    }
    completed
}
