//! The thread is inside the context of a `current_thread` runtime, so nothing panics. But another executor polls the
//! future, and nobody drives the runtime's timers and tasks.

use futures::executor;

pub fn run<F: Future>(future: F) -> F::Output {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let _context = runtime.enter();
    executor::block_on(future)
}
