//! `block_in_place` silences the panic inside a runtime, and still blocks a worker's thread.

use tokio::{runtime::Runtime, task::block_in_place};

pub fn run<F: Future>(future: F) -> F::Output {
    let drive = || Runtime::new().unwrap().block_on(future);
    match Handle::try_current() {
        Ok(_) => block_in_place(drive),
        Err(_) => drive(),
    }
}
