//! `JoinSet::join_all` panics because of the tasks that the line before aborted.

use tokio::task::JoinSet;

pub async fn all_or_nothing(
    upstream: &Upstream,
    paths: &[&str],
) -> Result<Vec<Page>, UpstreamError> {
    let mut tasks = JoinSet::new();
    for (i, path) in paths.iter().enumerate() {
        let (upstream, path) = (upstream.clone(), (*path).to_owned());
        tasks.spawn(async move { (i, upstream.get(&path).await) });
    }
    let mut pages = Vec::new();
    while let Some(joined) = tasks.join_next().await {
        match joined.unwrap() {
            (i, Ok(page)) => pages.push((i, page)),
            (_, Err(error)) => {
                tasks.abort_all();
                tasks.join_all().await;
                return Err(error);
            }
        }
    }
    pages.sort_by_key(|p| p.0);
    Ok(pages.into_iter().map(|p| p.1).collect())
}
