//! The executor of the `futures` crate polls the future, and knows nothing of timers, sockets and tasks.

use futures::executor;

pub fn run<F: Future>(future: F) -> F::Output {
    executor::block_on(future)
}
