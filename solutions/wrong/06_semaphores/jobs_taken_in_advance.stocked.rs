//! Keeps a stock of jobs ready. One waiting job is enough.

use std::collections::VecDeque;

pub async fn spawn_bounded(
    jobs: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>,
    limit: NonZeroUsize,
) -> usize {
    let mut jobs = jobs.into_iter();
    let mut stock: VecDeque<_> = jobs.by_ref().take(2 * limit.get()).collect();
    let mut tasks = JoinSet::new();
    let mut completed = 0;
    loop {
        while tasks.len() < limit.get()
            && let Some(job) = stock.pop_front()
        {
            tasks.spawn(job);
            stock.extend(jobs.next());
        }
        match tasks.join_next().await {
            Some(ended) => completed += usize::from(ended.is_ok()),
            None => return completed,
        }
    }
}
