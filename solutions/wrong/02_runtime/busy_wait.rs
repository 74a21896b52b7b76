//! Polls again and again, with a waker that doesn't wake anything.

use std::hint;

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => hint::spin_loop(),
        }
    }
}
