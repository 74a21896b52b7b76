//! Enables sockets, and forgets timers.

pub fn run<F: Future>(future: F) -> F::Output {
    let runtime = Builder::new_current_thread().enable_io().build().unwrap();
    runtime.block_on(future)
}
