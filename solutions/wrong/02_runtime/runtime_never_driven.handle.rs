//! `block_on` of a `Handle` polls the future that it's given. It drives neither the tasks nor the timers of a
//! `current_thread` runtime.

pub fn run<F: Future>(future: F) -> F::Output {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.handle().block_on(future)
}
