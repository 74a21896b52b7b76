//! Also right: a caller who waits long is told so, and goes on waiting; a task gives way once before its work; the calls run
//! as tasks, and the client gives its runtime a minute to end.

use std::time::Duration;

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::future::{Either, select};
use tokio::{
    runtime::{Builder, Handle, Runtime},
    sync::oneshot,
    task::{JoinHandle, yield_now},
    time::{sleep, timeout},
};

/// After which a sign of life is given.
const LONG: Duration = Duration::from_secs(60 * 60);

pub fn run<F: Future>(future: F) -> F::Output {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime needs nothing but file descriptors");
    runtime.block_on(async {
        let mut future = Box::pin(future);
        loop {
            // The future is only borrowed: at the end of the time limit it goes on.
            match timeout(LONG, &mut future).await {
                Ok(output) => return output,
                Err(_elapsed) => eprintln!("still waiting"),
            }
        }
    })
}

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    handle.spawn(async {
        yield_now().await;
        work.await
    })
}

pub struct BlockingClient {
    upstream: Upstream,
    runtime: Option<Runtime>,
}

impl BlockingClient {
    pub fn new(upstream: Upstream) -> Self {
        let runtime = Runtime::new().expect("threads are to be had");
        Self {
            upstream,
            runtime: Some(runtime),
        }
    }

    pub fn get(&self, path: &str) -> Result<Page, UpstreamError> {
        let runtime = self.runtime.as_ref().expect("it is there until the drop");
        let (sender, mut receiver) = oneshot::channel();
        let (upstream, path) = (self.upstream.clone(), path.to_owned());
        runtime.spawn(async move { sender.send(upstream.get(&path).await) });
        runtime.block_on(async {
            loop {
                match select(&mut receiver, Box::pin(sleep(LONG))).await {
                    Either::Left((answer, _)) => return answer.expect("the task does not panic"),
                    Either::Right(_) => eprintln!("still waiting"),
                }
            }
        })
    }
}

impl Drop for BlockingClient {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(Duration::from_secs(60));
        }
    }
}

hidden_runtime::grade!();
