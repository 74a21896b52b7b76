//! Spawns the call late enough, and sends the page over a channel. But the task doesn't check whether anybody still
//! receives.

use tokio::sync::oneshot;

pub fn prepare(upstream: &Upstream, path: &str) -> impl Future<Output = String> {
    let (upstream, path) = (upstream.clone(), path.to_owned());
    async {
        let (sender, receiver) = oneshot::channel();
        tokio::spawn(async move { sender.send(upstream.fetch(&path).await.body) });
        receiver.await.expect("the task sends a body")
    }
}
