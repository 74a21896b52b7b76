//! Uses the executor of the `futures` crate instead of writing one.

pub fn block_on<F: Future>(future: F) -> F::Output {
    futures::executor::block_on(future)
}
