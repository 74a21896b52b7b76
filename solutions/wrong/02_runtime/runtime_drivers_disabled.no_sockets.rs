//! Enables timers, and forgets sockets.

pub fn run<F: Future>(future: F) -> F::Output {
    let runtime = Builder::new_multi_thread().enable_time().build().unwrap();
    runtime.block_on(future)
}
