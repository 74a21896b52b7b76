//! A `JoinSet` spawns too, so the call begins without being awaited.

use tokio::task::JoinSet;

pub fn prepare(upstream: &Upstream, path: &str) -> impl Future<Output = String> {
    let (upstream, path) = (upstream.clone(), path.to_owned());
    let mut tasks = JoinSet::new();
    tasks.spawn(async move { upstream.fetch(&path).await.body });
    async move { tasks.join_all().await.concat() }
}
