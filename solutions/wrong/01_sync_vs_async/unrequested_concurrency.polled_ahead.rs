//! Polls the next call once before it awaits this one, to let the service begin.

use futures::poll;

pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    let mut calls: Vec<_> = paths
        .iter()
        .map(|path| Box::pin(upstream.fetch(path)))
        .collect();
    let mut bodies = Vec::with_capacity(paths.len());
    while bodies.len() < calls.len() {
        if let Some(next) = calls.get_mut(bodies.len() + 1) {
            let _pending = poll!(next.as_mut());
        }
        bodies.push(calls[bodies.len()].as_mut().await.body);
    }
    bodies
}

pub fn prepare(_: &Upstream, _: &str) -> impl Future<Output = String> {
    async { todo!("another task") }
}
