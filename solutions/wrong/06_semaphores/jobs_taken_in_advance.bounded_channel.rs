//! One job waits in `send`, one in the channel, and one for its permit. One waiting job is enough.

use tokio::{join, sync::mpsc};

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let (sender, mut receiver) = mpsc::channel(1);
    let produce = async move {
        for job in jobs {
            sender.send(job).await.ok().expect("the receiver is there");
        }
    };
    let run = async move {
        let semaphore = Arc::new(Semaphore::new(limit.get()));
        let mut tasks = JoinSet::new();
        while let Some(job) = receiver.recv().await {
            let permit = Arc::clone(&semaphore).acquire_owned().await;
            tasks.spawn(async move {
                let _permit = permit;
                job.await;
            });
        }
        let mut completed = 0;
        while let Some(ended) = tasks.join_next().await {
            completed += usize::from(ended.is_ok());
        }
        completed
    };
    let ((), completed) = join!(produce, run);
    completed
}
