//! Aborts the other tasks, and unwraps the `JoinError` that each of them then ends with.

use tokio::task::JoinSet;

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
    let mut first_error = None;
    while let Some(joined) = tasks.join_next().await {
        match joined.unwrap() {
            (index, Ok(page)) => slots[index] = Some(page),
            (_, Err(error)) => {
                first_error.get_or_insert(error);
                tasks.abort_all();
            }
        }
    }
    first_error.map_or_else(|| Ok(slots.into_iter().flatten().collect()), Err)
}
