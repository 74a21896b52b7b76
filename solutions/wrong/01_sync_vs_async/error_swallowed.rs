//! If there's no page, returns an empty text, which looks like the text of an empty page.

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    let page = upstream.get(path).await;
    page.map(|page| page.body).unwrap_or_default()
}
