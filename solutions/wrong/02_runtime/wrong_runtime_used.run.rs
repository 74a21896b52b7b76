//! On a thread of the blocking pool it uses the runtime that's there, and tasks left on that one go on.

use tokio::runtime::Runtime;

pub fn run<F: Future>(future: F) -> F::Output {
    match Handle::try_current() {
        Ok(runtime) => runtime.block_on(future),
        Err(_) => Runtime::new().unwrap().block_on(future),
    }
}
