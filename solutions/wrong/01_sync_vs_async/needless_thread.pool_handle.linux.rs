//! A job of the blocking pool blocks on the function's runtime. The paused clock waits for the job, and the job for the
//! clock.

use tokio::{runtime::Handle, task::spawn_blocking};

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    let (upstream, path) = (upstream.clone(), path.to_owned());
    let runtime = Handle::current();
    let call = spawn_blocking(move || runtime.block_on(upstream.fetch(&path)).body);
    call.await.expect("the call does not panic")
}

pub fn prepare(_: &Upstream, _: &str) -> impl Future<Output = String> {
    async { todo!("another task") }
}
