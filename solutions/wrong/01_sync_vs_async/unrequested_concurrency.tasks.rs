//! Awaits the handles in order, but the tasks run as soon as they're spawned.

pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    let mut tasks = Vec::new();
    for path in paths {
        let (upstream, path) = (upstream.clone(), (*path).to_owned());
        tasks.push(tokio::spawn(
            async move { upstream.fetch(&path).await.body },
        ));
    }
    let mut bodies = Vec::new();
    for task in tasks {
        bodies.push(task.await.expect("no call panics"));
    }
    bodies
}
