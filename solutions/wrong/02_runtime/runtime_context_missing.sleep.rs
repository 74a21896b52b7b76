//! Makes the `sleep` before it calls `block_on`, on a thread that isn't inside a runtime.

use std::time::Duration;

use tokio::time::sleep;

pub fn run<F: Future>(future: F) -> F::Output {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let output = runtime.block_on(future);
    // What is left shall have time to end.
    runtime.block_on(sleep(Duration::from_millis(10)));
    output
}
