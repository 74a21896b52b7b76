//! A condition variable without a condition: a notification that comes before anybody waits is lost.

use std::sync::{Condvar, Mutex};

#[derive(Default)]
struct Signal {
    lock: Mutex<()>,
    woken: Condvar,
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        let _held = self.lock.lock().unwrap();
        self.woken.notify_one();
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let signal = Arc::new(Signal::default());
    let waker = Waker::from(Arc::clone(&signal));
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        let guard = signal.lock.lock().unwrap();
        drop(signal.woken.wait(guard).unwrap());
    }
}
