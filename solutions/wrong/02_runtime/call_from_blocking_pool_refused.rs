//! Refuses a call from a thread of the blocking pool. Such a thread is inside a runtime, but it may block.

use tokio::runtime::Runtime;

pub fn run<F: Future>(future: F) -> F::Output {
    if Handle::try_current().is_ok() {
        panic!("`run` was called inside a runtime");
    }
    Runtime::new().unwrap().block_on(future)
}
