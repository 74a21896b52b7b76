//! Clears the flag after the poll, and so forgets a wake-up that came during the poll.

pub fn block_on<F: Future>(future: F) -> F::Output {
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
        sleeper.is_woken.store(false, Ordering::Release);
        while !sleeper.is_woken.load(Ordering::Acquire) {
            thread::park();
        }
    }
}
