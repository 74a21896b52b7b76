//! All calls share one flag and one condition variable, so a wake-up may reach any thread that sleeps.

use std::sync::{Condvar, Mutex};

static IS_WOKEN: Mutex<bool> = Mutex::new(false);
static WOKEN: Condvar = Condvar::new();

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Shared));
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        let mut is_woken = IS_WOKEN.lock().unwrap();
        while !*is_woken {
            is_woken = WOKEN.wait(is_woken).unwrap();
        }
        *is_woken = false;
    }
}

struct Shared;

impl Wake for Shared {
    fn wake(self: Arc<Self>) {
        *IS_WOKEN.lock().unwrap() = true;
        WOKEN.notify_one();
    }
}
