//! Makes all calls, but the loop over their tasks ends at the first error.

pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    let tasks: Vec<_> = paths
        .iter()
        .map(|path| {
            let (upstream, path) = (upstream.clone(), (*path).to_owned());
            tokio::spawn(async move { upstream.get(&path).await })
        })
        .collect();
    let mut results = Vec::new();
    for (&path, task) in std::iter::zip(paths, tasks) {
        match task.await.expect("no task panics") {
            Ok(page) => results.push(Ok(page)),
            Err(error) => {
                let path = path.to_owned();
                results.push(Err(Failed { path, error }));
                break;
            }
        }
    }
    results
}
