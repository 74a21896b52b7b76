//! Awaits the handles in order. A slow job holds up the next ones, though others have ended.

use std::collections::VecDeque;

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let mut tasks = VecDeque::new();
    let mut completed = 0;
    for job in jobs {
        if tasks.len() == limit.get()
            && let Some(oldest) = tasks.pop_front()
        {
            let ended: Result<(), tokio::task::JoinError> = oldest.await;
            completed += usize::from(ended.is_ok());
        }
        tasks.push_back(tokio::spawn(job));
    }
    for task in tasks {
        completed += usize::from(task.await.is_ok());
    }
    completed
}
