//! The executor of the `futures` crate polls the future, and doesn't provide timers, sockets or tasks.

use futures::executor;

pub fn run<F: Future>(future: F) -> F::Output {
    executor::block_on(future)
}
