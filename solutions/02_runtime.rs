//! Chapter 02, runtime: the reference solution.

use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
};

use tokio::{
    runtime::{Builder, Handle},
    task::JoinHandle,
};

/// One future needs no workers: this thread waits for it anyway, so it can poll the future and everything that the
/// future spawns. Without `enable_all` the runtime has no timers or sockets, and the first `sleep` panics.
/// Returning drops the runtime, and the runtime drops the tasks that are left.
pub fn run<F: Future>(future: F) -> F::Output {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime needs nothing but file descriptors");
    runtime.block_on(future)
}

/// `tokio::spawn` looks for the runtime that its thread is inside, and panics if there isn't one. A handle names its
/// runtime, and can be sent to any thread.
pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    handle.spawn(work)
}

/// `pin!` promises that the future no longer moves, and drops it when this function ends, however it ends. Each call has
/// a waker of its own, so calls on other threads, or inside a poll, have nothing to do with it.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let sleeper = Arc::new(Sleeper {
        thread: thread::current(),
        is_woken: AtomicBool::new(false),
    });
    let waker = Waker::from(Arc::clone(&sleeper));
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        // The flag is cleared here and nowhere else: a wake-up during the poll has set it, and then nobody sleeps.
        while !sleeper.is_woken.swap(false, Ordering::Acquire) {
            thread::park();
        }
    }
}

/// A thread that sleeps until it's woken. `unpark` alone isn't enough: its token is the thread's, and whatever else parks
/// this thread takes it. `park` may also return without a reason.
struct Sleeper {
    thread: Thread,
    is_woken: AtomicBool,
}

impl Wake for Sleeper {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        // What this thread did before is seen by the poll that follows.
        self.is_woken.store(true, Ordering::Release);
        self.thread.unpark();
    }
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_runtime::grade!();
