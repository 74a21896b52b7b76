//! Lets each task begin, but doesn't wait for it to end.

pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    let mut bodies = Vec::new();
    for path in paths {
        let (upstream, path) = (upstream.clone(), (*path).to_owned());
        let call = tokio::spawn(async move { upstream.fetch(&path).await.body });
        tokio::task::yield_now().await;
        if call.is_finished() {
            bodies.push(call.await.expect("no call panics"));
        }
    }
    bodies
}
