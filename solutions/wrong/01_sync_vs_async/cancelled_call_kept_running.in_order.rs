//! One task makes all calls, and goes on with the rest after the function is dropped.

pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    let upstream = upstream.clone();
    let paths: Vec<String> = paths.iter().map(|&path| path.to_owned()).collect();
    let task = tokio::spawn(async move {
        let mut bodies = Vec::with_capacity(paths.len());
        for path in paths {
            bodies.push(upstream.fetch(&path).await.body);
        }
        bodies
    });
    task.await.expect("no call panics")
}

pub fn prepare(_: &Upstream, _: &str) -> impl Future<Output = String> {
    async { todo!("another task") }
}
