//! The runtime is told to end, and not waited for.

pub fn run<F: Future>(future: F) -> F::Output {
    let runtime = Runtime::new().unwrap();
    let output = runtime.block_on(future);
    runtime.shutdown_background();
    output
}
