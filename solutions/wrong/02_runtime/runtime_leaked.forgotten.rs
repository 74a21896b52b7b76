//! Forgets the runtime, so it never shuts down, and its tasks are never dropped.

use std::mem;

pub fn run<F: Future>(future: F) -> F::Output {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let output = runtime.block_on(future);
    // The runtime waits when it is dropped, which looks like a waste of time.
    mem::forget(runtime);
    output
}
