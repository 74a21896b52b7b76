//! A worker task for each permit, which spawns one more task for each job. It could await the job's future instead.

use tokio::sync::{Mutex, mpsc};

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let (sender, receiver) = mpsc::channel(limit.get());
    let receiver = Arc::new(Mutex::new(receiver));
    let mut workers = JoinSet::new();
    for _ in 0..limit.get() {
        let receiver = Arc::clone(&receiver);
        workers.spawn(async move {
            let mut completed = 0;
            loop {
                let job = receiver.lock().await.recv().await;
                let Some(job) = job else { return completed };
                completed += usize::from(tokio::spawn(job).await.is_ok());
            }
        });
    }
    for job in jobs {
        sender.send(job).await.ok().expect("the receiver is there");
    }
    drop(sender);
    workers.join_all().await.iter().sum()
}
