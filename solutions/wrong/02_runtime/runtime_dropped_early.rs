//! The runtime ends with the statement that makes it: a handle doesn't keep it alive.

use tokio::runtime::Runtime;

pub fn run<F: Future>(future: F) -> F::Output {
    let handle = Runtime::new().unwrap().handle().clone();
    handle.block_on(future)
}
