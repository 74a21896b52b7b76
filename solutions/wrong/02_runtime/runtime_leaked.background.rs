//! Tells the runtime to end, and doesn't wait for it.

use tokio::runtime::Runtime;

pub fn run<F: Future>(future: F) -> F::Output {
    let runtime = Runtime::new().unwrap();
    let output = runtime.block_on(future);
    runtime.shutdown_background();
    output
}
