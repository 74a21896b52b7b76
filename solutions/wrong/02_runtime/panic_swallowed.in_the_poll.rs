//! Turns the future's panic into one with other words.

use std::panic::{AssertUnwindSafe, catch_unwind};

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let sleeper = Arc::new(Sleeper {
        thread: thread::current(),
        is_woken: AtomicBool::new(false),
    });
    let waker = Waker::from(Arc::clone(&sleeper));
    let mut context = Context::from_waker(&waker);
    loop {
        let poll = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(&mut context)));
        if let Poll::Ready(output) = poll.expect("the future panicked") {
            return output;
        }
        while !sleeper.is_woken.swap(false, Ordering::Acquire) {
            thread::park();
        }
    }
}
