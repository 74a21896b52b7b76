//! `detach_all` removes the tasks from the set, which would have aborted them.

use tokio::task::JoinSet;

pub async fn first_ok(upstream: &Upstream, paths: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    let mut tasks = JoinSet::new();
    for (index, path) in paths.iter().enumerate() {
        let (upstream, path) = (upstream.clone(), (*path).to_owned());
        tasks.spawn(async move { (index, upstream.get(&path).await) });
    }
    let mut errors = Vec::new();
    while let Some(joined) = tasks.join_next().await {
        match joined.expect("no task panics") {
            (_, Ok(page)) => {
                tasks.detach_all();
                return Ok(page);
            }
            (index, Err(error)) => errors.push((index, error)),
        }
    }
    errors.sort_by_key(|&(index, _)| index);
    Err(errors.into_iter().map(|(_, error)| error).collect())
}
