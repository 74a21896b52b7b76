//! On a thread of a pool for blocking calls there is a runtime to be had, and what is left on it goes on.

use tokio::runtime::Runtime;

pub fn run<F: Future>(future: F) -> F::Output {
    match Handle::try_current() {
        Ok(runtime) => runtime.block_on(future),
        Err(_) => Runtime::new().unwrap().block_on(future),
    }
}
