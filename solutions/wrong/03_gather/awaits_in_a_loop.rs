//! `.await` inside a loop is a stop: the next call is not even made before this one has ended.

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    let mut pages = Vec::new();
    for path in paths {
        pages.push(upstream.fetch(path).await);
    }
    pages
}
