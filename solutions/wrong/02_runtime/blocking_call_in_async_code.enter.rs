//! Workers drive the timers, and another executor polls the future, even on a thread that's a worker already. That
//! worker blocks, and no panic says so in time.

use futures::executor;

use tokio::runtime::Runtime;

pub fn run<F: Future>(future: F) -> F::Output {
    let runtime = Runtime::new().unwrap();
    let _context = runtime.enter();
    executor::block_on(future)
}
