//! Also right: a scoped thread waits, asleep on a condition variable; the waker has a weak reference to it, so one that
//! outlives its call finds nobody.

use std::{
    sync::{Arc, Condvar, Mutex, Weak},
    task::{Context, Poll, Wake, Waker},
    thread,
};

use tokio::{
    runtime::{Builder, Handle},
    task::JoinHandle,
};

pub fn run<F: Future>(future: F) -> F::Output {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime needs nothing but file descriptors")
        .block_on(future)
}

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    handle.spawn(work)
}

#[derive(Default)]
struct Signal {
    set: Mutex<bool>,
    changed: Condvar,
}

struct Caller(Weak<Signal>);

impl Wake for Caller {
    fn wake(self: Arc<Self>) {
        if let Some(signal) = self.0.upgrade() {
            *signal.set.lock().unwrap() = true;
            signal.changed.notify_all();
        }
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let signal = Arc::new(Signal::default());
    let waker = Waker::from(Arc::new(Caller(Arc::downgrade(&signal))));
    let mut future = Box::pin(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        thread::scope(|scope| {
            scope.spawn(|| {
                let set = signal.set.lock().unwrap();
                let mut set = signal.changed.wait_while(set, |set| !*set).unwrap();
                *set = false;
            });
        });
    }
}

hidden_runtime::grade!();
