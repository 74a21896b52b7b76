//! `block_in_place` is no way around the panic of a nested `block_on`: it hands the other tasks to another thread, and
//! `current_thread` has none.

use tokio::task::block_in_place;

pub fn run<F: Future>(future: F) -> F::Output {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { block_in_place(|| Handle::current().block_on(future)) })
}
