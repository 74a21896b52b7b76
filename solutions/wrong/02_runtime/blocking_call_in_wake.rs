//! Holds the lock during the poll, so a future that wakes itself waits for the lock for ever.

use std::sync::{Condvar, Mutex};

#[derive(Default)]
struct Signal {
    is_woken: Mutex<bool>,
    woken: Condvar,
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        *self.is_woken.lock().unwrap() = true;
        self.woken.notify_one();
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let signal = Arc::new(Signal::default());
    let waker = Waker::from(Arc::clone(&signal));
    let mut context = Context::from_waker(&waker);
    let mut is_woken = signal.is_woken.lock().unwrap();
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        while !*is_woken {
            is_woken = signal.woken.wait(is_woken).unwrap();
        }
        *is_woken = false;
    }
}
