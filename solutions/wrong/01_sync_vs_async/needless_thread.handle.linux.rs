//! A thread that blocks on the function's runtime, through its handle.

use std::thread;

use tokio::{runtime::Handle, sync::oneshot};

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    let (upstream, path) = (upstream.clone(), path.to_owned());
    let (sender, receiver) = oneshot::channel();
    let runtime = Handle::current();
    thread::spawn(move || sender.send(runtime.block_on(upstream.fetch(&path)).body));
    receiver.await.expect("the thread sends a body")
}

pub fn prepare(_: &Upstream, _: &str) -> impl Future<Output = String> {
    async { todo!("another task") }
}
