//! The `futures` crate has one.

pub fn block_on<F: Future>(future: F) -> F::Output {
    futures::executor::block_on(future)
}
