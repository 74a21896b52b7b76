//! Also right: a handle's `block_on`; a set of one task, which is aborted with the task that waits for it; a channel
//! with room for one wake-up.

use std::{
    panic,
    pin::pin,
    sync::{
        Arc,
        mpsc::{SyncSender, sync_channel},
    },
    task::{Context, Poll, Wake, Waker},
    time::Duration,
};

use tokio::{
    runtime::{Builder, Handle},
    task::{JoinHandle, JoinSet},
};

pub fn run<F: Future>(future: F) -> F::Output {
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("threads are to be had");
    let output = runtime.handle().block_on(future);
    // It waits for the workers to drop their tasks, which is soon: a minute at the most.
    runtime.shutdown_timeout(Duration::from_secs(60));
    output
}

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    tasks.spawn_on(work, &handle);
    handle.spawn(async move {
        let joined = tasks.join_next().await.expect("there is one task");
        joined.unwrap_or_else(|error| panic::resume_unwind(error.into_panic()))
    })
}

struct Sending(SyncSender<()>);

impl Wake for Sending {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        // If it's full, the future is polled again anyway. If nobody receives, the call is over.
        self.0.try_send(()).ok();
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let (sender, wakes) = sync_channel(1);
    let waker = Waker::from(Arc::new(Sending(sender)));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => wakes.recv().expect("the waker keeps the sender"),
        }
    }
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_runtime::grade!();
