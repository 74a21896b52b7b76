//! A leaked future can be polled without asking who owns it. But it's never dropped.

pub fn block_on<F: Future>(future: F) -> F::Output {
    let future = Box::leak(Box::new(Box::pin(future)));
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
