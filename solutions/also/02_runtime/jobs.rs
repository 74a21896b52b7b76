//! Also right: a future on a `LocalSet` of a runtime with one worker; a tracker of tasks; a waker for each poll, whose
//! lock and condition variable say what the thread is doing.

use std::{
    pin::pin,
    sync::{Arc, Condvar, Mutex},
    task::{Context, Poll, Wake, Waker},
};

use tokio::{
    runtime::{Builder, Handle},
    task::{JoinHandle, LocalSet, unconstrained},
};
use tokio_util::task::TaskTracker;

pub fn run<F: Future>(future: F) -> F::Output {
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .max_blocking_threads(1)
        .enable_all()
        .build()
        .expect("a thread is to be had");
    runtime.block_on(LocalSet::new().run_until(unconstrained(future)))
}

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    TaskTracker::new().spawn_on(unconstrained(work), &handle)
}

#[derive(Clone, Copy, Default, PartialEq)]
enum State {
    #[default]
    Polling,
    Sleeping,
    Woken,
}

#[derive(Default)]
struct Signal {
    state: Mutex<State>,
    changed: Condvar,
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        let mut state = self.state.lock().unwrap();
        if *state == State::Sleeping {
            self.changed.notify_one();
        }
        *state = State::Woken;
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        // Only the waker of the latest poll has to wake anything.
        let signal = Arc::new(Signal::default());
        let waker = Waker::from(Arc::clone(&signal));
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        let mut state = signal.state.lock().unwrap();
        while *state != State::Woken {
            *state = State::Sleeping;
            state = signal.changed.wait(state).unwrap();
        }
    }
}

hidden_runtime::grade!();
