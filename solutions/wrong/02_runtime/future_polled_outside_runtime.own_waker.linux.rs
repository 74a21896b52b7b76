//! A poll loop whose waker is right, but which doesn't wait for it.

use std::{
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
    thread,
};

use tokio::runtime::Runtime;

struct Woken(thread::Thread);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

pub fn run<F: Future>(future: F) -> F::Output {
    let runtime = Runtime::new().unwrap();
    let _inside = runtime.enter();
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Woken(thread::current())));
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        thread::yield_now();
    }
}
