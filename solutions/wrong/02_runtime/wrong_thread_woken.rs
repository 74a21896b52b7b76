//! Inside `wake`, the current thread is the one that calls the waker.

impl Wake for Sleeper {
    fn wake(self: Arc<Self>) {
        self.is_woken.store(true, Ordering::Release);
        thread::current().unpark();
    }
}
