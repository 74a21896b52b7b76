//! Nothing panics, and a thread of the blocking pool is kept for the length of each call.

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    let (upstream, path) = (upstream.clone(), path.to_owned());
    let call = tokio::task::spawn_blocking(move || upstream.fetch_blocking(&path));
    call.await.expect("the call does not panic").body
}
