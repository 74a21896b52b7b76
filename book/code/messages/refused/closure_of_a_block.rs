async fn each(paths: &[String], fetch: impl AsyncFn(&str) -> usize) {
    for path in paths {
        fetch(path).await;
    }
}

pub async fn count(paths: &[String]) {
    each(paths, |path: &str| async move { path.len() }).await;
}
