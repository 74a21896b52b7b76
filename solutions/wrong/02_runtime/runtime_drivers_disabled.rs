//! A runtime built without `enable_all` polls futures, but has neither timers nor sockets.

pub fn run<F: Future>(future: F) -> F::Output {
    let runtime = Builder::new_current_thread().build().unwrap();
    runtime.block_on(future)
}
