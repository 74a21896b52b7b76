//! Keeps one runtime for ever to save building another, and with it every task that nobody awaited.

use std::sync::LazyLock;

use tokio::runtime::Runtime;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

pub fn run<F: Future>(future: F) -> F::Output {
    RUNTIME.block_on(future)
}
