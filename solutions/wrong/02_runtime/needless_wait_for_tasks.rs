//! Also waits for tasks that nobody awaited, and one of them may never end.

use tokio::task::yield_now;

pub fn run<F: Future>(future: F) -> F::Output {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let output = runtime.block_on(future);
    while runtime.metrics().num_alive_tasks() > 0 {
        runtime.block_on(yield_now());
    }
    output
}
