//! `?` drops the receiver and the handles, but dropping a handle doesn't end its task.

use tokio::sync::mpsc;

pub async fn all_or_nothing(
    upstream: &Upstream,
    paths: &[&str],
) -> Result<Vec<Page>, UpstreamError> {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    for (index, path) in paths.iter().enumerate() {
        let (upstream, path, sender) = (upstream.clone(), (*path).to_owned(), sender.clone());
        tokio::spawn(async move { sender.send((index, upstream.get(&path).await)) });
    }
    drop(sender);
    let mut slots = vec![None; paths.len()];
    while let Some((index, result)) = receiver.recv().await {
        slots[index] = Some(result?);
    }
    Ok(slots.into_iter().flatten().collect())
}
