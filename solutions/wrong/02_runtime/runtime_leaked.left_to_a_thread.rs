//! A thread that nobody joins drops the runtime, some time later.

use std::thread;

use tokio::runtime::Runtime;

pub fn run<F: Future>(future: F) -> F::Output {
    let runtime = Runtime::new().unwrap();
    let output = runtime.block_on(future);
    thread::spawn(move || drop(runtime));
    output
}
