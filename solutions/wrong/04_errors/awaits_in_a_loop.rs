//! An `.await` inside the loop stops it: the next call isn't made before this one has ended.

pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    let mut results = Vec::new();
    for &path in paths {
        let path = path.to_owned();
        let result = upstream.get(&path).await;
        results.push(result.map_err(|error| Failed { path, error }));
    }
    results
}
