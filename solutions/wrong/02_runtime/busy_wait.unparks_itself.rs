//! Parks after each poll, but unparks itself beforehand so it never sleeps.

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        thread::current().unpark();
        thread::park();
    }
}
