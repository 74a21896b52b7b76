//! Where there is no page, an empty text is made up, which looks like the text of an empty page.

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    let page = upstream.get(path).await;
    page.map(|page| page.body).unwrap_or_default()
}
