//! The sender of an unbounded channel never waits, so all jobs pile up in the channel.

use tokio::sync::mpsc;

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    for job in jobs {
        sender.send(job).ok().expect("the receiver is there");
    }
    drop(sender);
    let mut tasks = JoinSet::new();
    let mut completed = 0;
    while let Some(job) = receiver.recv().await {
        if tasks.len() == limit.get() {
            let ended = tasks.join_next().await;
            completed += usize::from(ended.is_some_and(|ended| ended.is_ok()));
        }
        tasks.spawn(job);
    }
    while let Some(ended) = tasks.join_next().await {
        completed += usize::from(ended.is_ok());
    }
    completed
}
