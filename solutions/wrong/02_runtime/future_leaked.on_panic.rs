//! If the future panics, it's kept for ever.

use std::{
    mem::ManuallyDrop,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
};

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = ManuallyDrop::new(Box::pin(future));
    let sleeper = Arc::new(Sleeper {
        thread: thread::current(),
        is_woken: AtomicBool::new(false),
    });
    let waker = Waker::from(Arc::clone(&sleeper));
    let mut context = Context::from_waker(&waker);
    loop {
        let poll = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(&mut context)));
        match poll {
            Ok(Poll::Ready(output)) => {
                drop(ManuallyDrop::into_inner(future));
                return output;
            }
            Ok(Poll::Pending) => {}
            Err(panic) => resume_unwind(panic),
        }
        while !sleeper.is_woken.swap(false, Ordering::Acquire) {
            thread::park();
        }
    }
}
