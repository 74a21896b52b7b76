//! Aborts the tasks after the one that failed, and forgets those before it.

use tokio::sync::mpsc;

pub async fn all_or_nothing(
    upstream: &Upstream,
    paths: &[&str],
) -> Result<Vec<Page>, UpstreamError> {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let mut tasks = Vec::new();
    for (index, path) in paths.iter().enumerate() {
        let (upstream, path, sender) = (upstream.clone(), (*path).to_owned(), sender.clone());
        tasks.push(tokio::spawn(async move {
            sender.send((index, upstream.get(&path).await))
        }));
    }
    drop(sender);
    let mut slots = vec![None; paths.len()];
    while let Some((index, result)) = receiver.recv().await {
        match result {
            Ok(page) => slots[index] = Some(page),
            Err(error) => {
                for task in &tasks[index..] {
                    task.abort();
                }
                return Err(error);
            }
        }
    }
    Ok(slots.into_iter().flatten().collect())
}
