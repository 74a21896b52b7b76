//! A call borrows the waker of its thread until it ends, so a second call can't borrow it.

use std::cell::RefCell;

thread_local! {
    static SLEEPER: RefCell<Arc<Sleeper>> = RefCell::new(Arc::new(Sleeper {
        thread: thread::current(),
        is_woken: AtomicBool::new(false),
    }));
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    SLEEPER.with_borrow_mut(|sleeper| {
        let mut future = pin!(future);
        let waker = Waker::from(Arc::clone(sleeper));
        let mut context = Context::from_waker(&waker);
        loop {
            if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                return output;
            }
            while !sleeper.is_woken.swap(false, Ordering::Acquire) {
                thread::park();
            }
        }
    })
}
