//! Keeps checking whether any task is left.

use std::time::Duration;

use tokio::time::sleep;

pub fn run<F: Future>(future: F) -> F::Output {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let output = runtime.block_on(future);
    while runtime.metrics().num_alive_tasks() > 0 {
        runtime.block_on(async { sleep(Duration::from_millis(1)).await });
    }
    output
}
