//! The waker wakes the thread only if it's asleep already, and otherwise leaves no trace.

impl Wake for Sleeper {
    fn wake_by_ref(self: &Arc<Self>) {
        if self.is_asleep.load(Ordering::SeqCst) {
            self.is_woken.store(true, Ordering::SeqCst);
            self.thread.unpark();
        }
    }

    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }
}

struct Sleeper {
    thread: Thread,
    is_asleep: AtomicBool,
    is_woken: AtomicBool,
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let sleeper = Arc::new(Sleeper {
        thread: thread::current(),
        is_asleep: AtomicBool::new(false),
        is_woken: AtomicBool::new(false),
    });
    let waker = Waker::from(Arc::clone(&sleeper));
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        sleeper.is_asleep.store(true, Ordering::SeqCst);
        while !sleeper.is_woken.swap(false, Ordering::SeqCst) {
            thread::park();
        }
        sleeper.is_asleep.store(false, Ordering::SeqCst);
    }
}
