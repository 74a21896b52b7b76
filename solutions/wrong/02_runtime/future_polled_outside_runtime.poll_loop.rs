//! A poll loop of its own drives the future, but outside any runtime.

use std::{
    pin::pin,
    task::{Context, Poll, Waker},
    thread,
};

pub fn run<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        thread::yield_now();
    }
}
