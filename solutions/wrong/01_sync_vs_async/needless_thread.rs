//! Nothing panics, but each call keeps a thread of the blocking pool until it ends.

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    let (upstream, path) = (upstream.clone(), path.to_owned());
    let call = tokio::task::spawn_blocking(move || upstream.fetch_blocking(&path));
    call.await.expect("the call does not panic").body
}
