//! Every call runs to its end. Then `collect` into a `Result` throws away all pages because of the first error.

pub async fn fetch_safe(upstream: &Upstream, paths: &[&str]) -> Vec<Result<Page, Failed>> {
    let results = join_all(paths.iter().map(|path| upstream.get(path))).await;
    let failed = |(path, error)| Failed { path, error };
    let labelled = std::iter::zip(paths, results)
        .map(|(path, result)| result.map_err(|error| failed(((*path).to_owned(), error))));
    match labelled.collect::<Result<Vec<_>, _>>() {
        Ok(pages) => pages.into_iter().map(Ok).collect(),
        Err(failed) => vec![Err(failed)],
    }
}
