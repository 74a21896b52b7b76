//! The runtime is told to end, and not waited for.

use tokio::runtime::Runtime;

pub fn run<F: Future>(future: F) -> F::Output {
    let runtime = Runtime::new().unwrap();
    let output = runtime.block_on(future);
    runtime.shutdown_background();
    output
}
