//! As lazy as it should be, but once it's awaited, a thread does the waiting.

pub fn prepare(upstream: &Upstream, path: &str) -> impl Future<Output = String> {
    let (upstream, path) = (upstream.clone(), path.to_owned());
    async {
        let call = tokio::task::spawn_blocking(move || upstream.fetch_blocking(&path).body);
        call.await.expect("the call does not panic")
    }
}
