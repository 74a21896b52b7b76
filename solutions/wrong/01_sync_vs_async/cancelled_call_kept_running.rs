//! A task whose handle is awaited at once. If the handle is dropped, the task goes on.

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    let (upstream, path) = (upstream.clone(), path.to_owned());
    let task = tokio::spawn(async move { upstream.fetch(&path).await.body });
    task.await.expect("the call does not panic")
}

pub fn prepare(_: &Upstream, _: &str) -> impl Future<Output = String> {
    async { todo!("another task") }
}
