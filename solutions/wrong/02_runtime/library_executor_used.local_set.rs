//! Runs a `LocalSet` on a runtime without drivers.

use tokio::task::LocalSet;

pub fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = Builder::new_current_thread().build().unwrap();
    LocalSet::new().block_on(&runtime, future)
}
