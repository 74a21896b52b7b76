//! Also right: `#[tokio::main]` on a function that is not `main`; a guard that puts the thread inside the
//! runtime, where `tokio::spawn` finds it; a condition variable, on which the thread sleeps.

use std::{
    pin::pin,
    sync::{Arc, Condvar, Mutex},
    task::{Context, Poll, Wake},
};

use tokio::{runtime::Handle, task::JoinHandle};

/// The attribute makes a plain function of it, which builds a `multi_thread` runtime and blocks on the body.
#[tokio::main]
pub async fn run<F: Future>(future: F) -> F::Output {
    future.await
}

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    let _inside = handle.enter();
    tokio::spawn(work)
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let signal = Arc::new(Signal::default());
    let waker = Arc::clone(&signal).into();
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => signal.wait(),
        }
    }
}

#[derive(Default)]
struct Signal {
    is_set: Mutex<bool>,
    set: Condvar,
}

impl Signal {
    fn wait(&self) {
        let is_set = self.is_set.lock().expect("nobody panics with it");
        let mut is_set = self
            .set
            .wait_while(is_set, |is_set| !*is_set)
            .expect("nobody panics with it");
        *is_set = false;
    }
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        *self.is_set.lock().expect("nobody panics with it") = true;
        self.set.notify_one();
    }
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_runtime::grade!();
