//! The channel has no room: a wake-up arrives only if the thread is waiting for it at that moment.

use std::sync::mpsc::{self, SyncSender};

struct Bell(SyncSender<()>);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.try_send(()).ok();
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let (bell, rings) = mpsc::sync_channel(0);
    let waker = Waker::from(Arc::new(Bell(bell)));
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        rings.recv().unwrap();
    }
}
