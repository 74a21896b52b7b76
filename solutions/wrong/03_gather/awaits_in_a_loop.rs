//! An `.await` inside the loop stops it: the next call isn't made before this one has ended.

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    let mut pages = Vec::new();
    for path in paths {
        pages.push(upstream.fetch(path).await);
    }
    pages
}
