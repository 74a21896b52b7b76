//! A poll loop inside the context of a runtime: timers work, but the thread never rests.

use std::{
    pin::pin,
    task::{Context, Poll, Waker},
    thread,
};

use tokio::runtime::Runtime;

pub fn run<F: Future>(future: F) -> F::Output {
    let runtime = Runtime::new().unwrap();
    if Handle::try_current().is_ok() {
        // It panics in async code.
        return runtime.block_on(future);
    }
    let _context = runtime.enter();
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        thread::yield_now();
    }
}
