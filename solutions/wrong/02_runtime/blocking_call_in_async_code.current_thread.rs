//! `block_in_place` is no way around the panic of nested `block_on`: it moves the other tasks to another worker,
//! and `current_thread` has none.

use tokio::task::block_in_place;

pub fn run<F: Future>(future: F) -> F::Output {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { block_in_place(|| Handle::current().block_on(future)) })
}
