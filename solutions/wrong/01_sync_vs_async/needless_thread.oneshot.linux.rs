//! A thread waits and sends the page. The function only awaits the channel, so it doesn't block, but the thread does.

use std::thread;

use tokio::sync::oneshot;

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    let (upstream, path) = (upstream.clone(), path.to_owned());
    let (sender, receiver) = oneshot::channel();
    thread::spawn(move || sender.send(upstream.fetch_blocking(&path).body));
    receiver.await.expect("the thread sends a body")
}

pub fn prepare(_: &Upstream, _: &str) -> impl Future<Output = String> {
    async { todo!("another task") }
}
