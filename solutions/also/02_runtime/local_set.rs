//! Also right: all workers and a `LocalSet`; a future that only spawns; a count of the wake-ups, which the thread
//! compares with the count before the poll.

use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, Wake},
    thread::{self, Thread},
};

use futures::future::lazy;
use tokio::{
    runtime::{Builder, Handle},
    task::{JoinHandle, LocalSet},
};

pub fn run<F: Future>(future: F) -> F::Output {
    let runtime = Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("threads are to be had");
    let output = LocalSet::new().block_on(&runtime, future);
    drop(runtime);
    output
}

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    // The caller polls the future that spawns, once, and not the work.
    handle.block_on(lazy(|_| tokio::spawn(work)))
}

struct Wakes {
    count: AtomicU64,
    thread: Thread,
}

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.count.fetch_add(1, Ordering::SeqCst);
        self.thread.unpark();
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let wakes = Arc::new(Wakes {
        count: AtomicU64::new(0),
        thread: thread::current(),
    });
    let waker = wakes.clone().into();
    let mut future = pin!(future);
    loop {
        let before = wakes.count.load(Ordering::SeqCst);
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => {
                while wakes.count.load(Ordering::SeqCst) == before {
                    thread::park();
                }
            }
        }
    }
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_runtime::grade!();
