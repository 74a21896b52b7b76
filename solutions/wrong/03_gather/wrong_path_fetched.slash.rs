//! With a slash in front, each path is another path.

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    let paths: Vec<_> = paths.iter().map(|p| format!("/{p}")).collect();
    join_all(paths.iter().map(|path| upstream.fetch(path))).await
}
