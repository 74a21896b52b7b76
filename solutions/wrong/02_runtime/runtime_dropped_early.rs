//! The runtime ends with the statement that makes it: a handle does not keep it going.

use tokio::runtime::Runtime;

pub fn run<F: Future>(future: F) -> F::Output {
    let handle = Runtime::new().unwrap().handle().clone();
    handle.block_on(future)
}
