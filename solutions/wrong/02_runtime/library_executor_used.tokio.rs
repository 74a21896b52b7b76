//! A tokio runtime polls the future, as in the first task.

pub fn block_on<F: Future>(future: F) -> F::Output {
    run(future)
}
