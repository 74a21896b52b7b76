//! Only the waker's `wake` works; `wake_by_ref` was left for later.

impl Wake for Sleeper {
    fn wake(self: Arc<Self>) {
        self.is_woken.store(true, Ordering::Release);
        self.thread.unpark();
    }

    fn wake_by_ref(self: &Arc<Self>) {}
}
