//! A thread of a pool for blocking calls is inside a runtime, and may block all the same.

use tokio::runtime::Runtime;

pub fn run<F: Future>(future: F) -> F::Output {
    if Handle::try_current().is_ok() {
        panic!("`run` was called inside a runtime");
    }
    Runtime::new().unwrap().block_on(future)
}
