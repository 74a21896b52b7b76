//! `Handle::current` returns the runtime that this thread is inside, and there is none yet.

pub fn run<F: Future>(future: F) -> F::Output {
    Handle::current().block_on(future)
}
