//! Aborts the tasks, and then sleeps to make sure that they've ended.

use std::time::Duration;

use tokio::{task::JoinSet, time::sleep};

pub async fn all_or_nothing(
    upstream: &Upstream,
    paths: &[&str],
) -> Result<Vec<Page>, UpstreamError> {
    let mut tasks = JoinSet::new();
    for (index, path) in paths.iter().enumerate() {
        let (upstream, path) = (upstream.clone(), (*path).to_owned());
        tasks.spawn(async move { (index, upstream.get(&path).await) });
    }
    let mut slots = vec![None; paths.len()];
    while let Some(joined) = tasks.join_next().await {
        match joined.expect("no task panics") {
            (index, Ok(page)) => slots[index] = Some(page),
            (_, Err(error)) => {
                tasks.abort_all();
                sleep(Duration::from_millis(10)).await;
                return Err(error);
            }
        }
    }
    Ok(slots.into_iter().flatten().collect())
}
