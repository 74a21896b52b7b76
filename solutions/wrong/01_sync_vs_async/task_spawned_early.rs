//! A task isn't lazy. The runtime runs it as soon as it can, whether or not anybody awaits its handle.

pub fn prepare(upstream: &Upstream, path: &str) -> impl Future<Output = String> {
    let (upstream, path) = (upstream.clone(), path.to_owned());
    let task = tokio::spawn(async move { upstream.fetch(&path).await.body });
    async { task.await.expect("the call does not panic") }
}
